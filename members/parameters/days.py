"""Parameters that are a number of days."""

from organizations.parameters import ParameterSpec, register


def register_days(
    key: str, label: str, default: int, maximum: int, source: str
) -> None:
    register(
        ParameterSpec(
            key=key,
            label=label,
            kind="integer",
            default=default,
            minimum=1,
            maximum=maximum,
            unit="天",
            source=source,
        )
    )
