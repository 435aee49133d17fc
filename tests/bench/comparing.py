"""A registration authority's list compared with the register."""

from __future__ import annotations

from organizations.registry_rules import Known, Listed, compare
from tests.bench.clock import Result, timed
from tests.bench.street import Street

LISTED = 50_000


def measure(street: Street, rounds: int) -> list[Result]:
    """A list of 50,000 units against as many in the register, a tenth differing."""
    known = [
        Known(n, f"9131{n:014d}", f"公司{n}", "private_enterprise", f"路{n}号", "张三")
        for n in range(LISTED)
    ]
    rows = [
        Listed(u.credit_code, f"{u.name}改" if u.pk % 10 == 0 else u.name, *u[3:6])
        for u in known
    ]

    def compared() -> None:
        assert len(compare(rows, known).differences) == LISTED // 10

    line = Result(
        f"a registration list of {LISTED} units compared",
        "< 3 s",
        [timed(compared) for _ in range(rounds)],
    )
    line.is_met = line.cpu < 3
    return [line]
