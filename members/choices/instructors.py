"""Code values of Party-building instructors (党建工作指导员)."""

from django.db import models


class InstructorSource(models.TextChoices):
    """Where an instructor comes from. Source: 非公企业党建指导员选派办法通行做法."""

    AGENCY = "agency", "机关干部"
    RETIRED = "retired", "退休干部"
    SENT = "sent", "选派干部"
    OTHER = "other", "其他党员"


class RecordKind(models.TextChoices):
    """What an instructor did; a report is about the work as a whole."""

    VISIT = "visit", "走访"
    CALL = "call", "电话联系"
    REPORT = "report", "工作汇报"


# Kinds that are about one unit.
UNIT_KINDS = (RecordKind.VISIT, RecordKind.CALL)


class InstructorGrade(models.TextChoices):
    """Four grades of the yearly appraisal. Source: 党建工作指导员考核办法."""

    EXCELLENT = "excellent", "优秀"
    COMPETENT = "competent", "称职"
    BASIC = "basic", "基本称职"
    INCOMPETENT = "incompetent", "不称职"


GRADE_TONES: dict[str, str] = {
    InstructorGrade.EXCELLENT: "ok",
    InstructorGrade.COMPETENT: "ok",
    InstructorGrade.BASIC: "warn",
    InstructorGrade.INCOMPETENT: "bad",
}


class InstructorGroup(models.TextChoices):
    """Tabs of the list beside those in office."""

    SILENT = "silent", "久未走访"
    LOADED = "loaded", "联系单位过多"
    EXPIRED = "expired", "任期已满"
    FORMER = "former", "已离任"
    ALL = "all", "全部"
