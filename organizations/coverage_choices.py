"""Code values of the coverage of new-economy and social organizations (两新)."""

from django.db import models

from organizations.choices import WorkUnitKind

# 两新: non-public enterprises and social organizations.
TWO_NEW_KINDS = (WorkUnitKind.PRIVATE_ENTERPRISE, WorkUnitKind.SOCIAL_ORGANIZATION)


class UnitState(models.TextChoices):
    """经营运行 of the census. Source: “六个清”摸底（经营运行清）."""

    OPERATING = "operating", "正常经营"
    SHELL = "shell", "空壳停产"
    MOVED = "moved", "已迁出"


class CoverageForm(models.TextChoices):
    """组建方式. Source: 两新组织党建统计表；街道经验材料（就近挂靠、选派指导员）."""

    OWN = "own", "单独组建"
    JOINT = "joint", "联合组建"
    AREA = "area", "区域组建"
    TRADE = "trade", "行业组建"
    ATTACHED = "attached", "就近挂靠"
    INSTRUCTOR = "instructor", "选派党建工作指导员"
    NONE = "none", "没有覆盖"


# Source: 两个覆盖：组织覆盖为单独、联合建立党组织的；工作覆盖另含派员联系的.
ORGANIZATION_FORMS = (
    CoverageForm.OWN,
    CoverageForm.JOINT,
    CoverageForm.AREA,
    CoverageForm.TRADE,
)
WORK_FORMS = (*ORGANIZATION_FORMS, CoverageForm.ATTACHED, CoverageForm.INSTRUCTOR)
# Forms by an organization of several units; a unit's own may lie outside the portal.
SHARED_FORMS = (*ORGANIZATION_FORMS[1:], CoverageForm.ATTACHED)
HOSTED_FORMS = (CoverageForm.OWN, *SHARED_FORMS)


class VisitOutcome(models.TextChoices):
    """What a door visit came to."""

    CHECKED = "checked", "情况已核实"
    AGREED = "agreed", "同意组建"
    THINKING = "thinking", "还要考虑"
    REFUSED = "refused", "暂不同意"
    ABSENT = "absent", "没有找到人"


class RegistryScope(models.TextChoices):
    """Whom a registration authority's list is about."""

    ENTERPRISES = "enterprises", "非公有制企业（市场监管）"
    SOCIAL = "social", "社会组织（民政）"
    BOTH = "both", "两类都有"


SCOPE_KINDS: dict[str, tuple[str, ...]] = {
    RegistryScope.ENTERPRISES: (WorkUnitKind.PRIVATE_ENTERPRISE,),
    RegistryScope.SOCIAL: (WorkUnitKind.SOCIAL_ORGANIZATION,),
    RegistryScope.BOTH: TWO_NEW_KINDS,
}


class DifferenceKind(models.TextChoices):
    """How a registration authority's list differs from the register."""

    NEW = "new", "新登记"
    GONE = "gone", "名单上没有"
    RENAMED = "renamed", "名称变更"
    CHANGED = "changed", "其他变更"


class DifferenceOutcome(models.TextChoices):
    """What somebody decided about a difference."""

    TAKEN = "taken", "纳入"
    STRUCK = "struck", "移出名册"
    SHELL = "shell", "记为空壳停产"
    MOVED = "moved", "记为已迁出"
    RENAMED = "renamed", "改名"
    CHANGED = "changed", "按名单改"
    LEFT = "left", "不改"
    SUPERSEDED = "superseded", "由新名单代替"


# What may be decided about which difference; the first is the usual one.
OUTCOMES: dict[str, tuple[DifferenceOutcome, ...]] = {
    DifferenceKind.NEW: (DifferenceOutcome.TAKEN, DifferenceOutcome.LEFT),
    DifferenceKind.GONE: (
        DifferenceOutcome.STRUCK,
        DifferenceOutcome.SHELL,
        DifferenceOutcome.MOVED,
        DifferenceOutcome.LEFT,
    ),
    DifferenceKind.RENAMED: (DifferenceOutcome.RENAMED, DifferenceOutcome.LEFT),
    DifferenceKind.CHANGED: (DifferenceOutcome.CHANGED, DifferenceOutcome.LEFT),
}
