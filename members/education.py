"""Education rolled up as reports want it.

Rows of the annual form (党内统计年报表): 大专及以上, 中专, 高中中技, 初中及以下.
"""

from members.choices import EDUCATION

_COLLEGE = (
    "doctorate",
    "master",
    "master_class",
    "central_party_graduate",
    "provincial_party_graduate",
    "bachelor",
    "college",
    "university_general",
    "second_bachelor",
    "central_party_bachelor",
    "provincial_party_bachelor",
    "central_party_college",
    "provincial_party_college",
)
_SECONDARY = ("secondary_specialized",)
_HIGH = ("vocational_high", "skilled_worker_school", "high_school")
_LOW = ("junior_high", "primary")

EDUCATION_LEVELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "college": ("大专及以上", _COLLEGE),
    "secondary": ("中专", _SECONDARY),
    "high": ("高中、中技", _HIGH),
    "low": ("初中及以下", _LOW),
    "unknown": (
        "其他或未填",
        tuple(
            key
            for key in ("", *EDUCATION)
            if key not in {*_COLLEGE, *_SECONDARY, *_HIGH, *_LOW}
        ),
    ),
}
