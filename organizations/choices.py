"""Code values of the organizations app: stored in English, shown in Chinese."""

from django.db import models


class OrganizationKind(models.TextChoices):
    """Kinds of Party organization. Source: 《中国共产党支部工作条例(试行)》第二章."""

    WORK_COMMITTEE = "work_committee", "党的工作委员会"
    COMMITTEE = "committee", "党委"
    GENERAL_BRANCH = "general_branch", "党总支"
    BRANCH = "branch", "党支部"
    GROUP = "group", "党小组"


class OrganizationField(models.TextChoices):
    """The levels the seed tells apart: 机关、社区、非公."""

    STREET_OFFICE = "street_office", "街道机关"
    COMMUNITY = "community", "社区"
    NON_PUBLIC = "non_public", "非公有制企业"
    SOCIAL = "social", "社会组织"
    RESIDENT_UNIT = "resident_unit", "驻区单位"


class UnitSituation(models.TextChoices):
    """党组织所在单位情况 of the 2017 national collection."""

    SAME_AS_PARENT = "same_as_parent", "与上级党组织相同"
    LEGAL_ENTITY = "legal_entity", "法人单位"
    JOINT = "joint", "联合党支部"


class Role(models.TextChoices):
    SYSTEM_ADMINISTRATOR = "system_administrator", "系统管理员"
    COMMITTEE_STAFF = "committee_staff", "街道工作人员"
    COMMUNITY_SECRETARY = "community_secretary", "社区书记"
    BRANCH_SECRETARY = "branch_secretary", "支部书记"
    AUDITOR = "auditor", "审计员"
    UNIT_CONTACT = "unit_contact", "单位联络人"
    HARDSHIP_OFFICER = "hardship_officer", "困难帮扶专干"


class WorkUnitKind(models.TextChoices):
    """单位类别, shortened from the list of a 组织关系 system."""

    AGENCY = "agency", "机关"
    INSTITUTION = "institution", "事业单位"
    STATE_ENTERPRISE = "state_enterprise", "国有经济控制企业"
    COLLECTIVE_ENTERPRISE = "collective_enterprise", "集体经济控制企业"
    PRIVATE_ENTERPRISE = "private_enterprise", "非公有经济控制企业"
    SOCIAL_ORGANIZATION = "social_organization", "社会组织"
    OTHER = "other", "其他"


class FeedbackChannel(models.TextChoices):
    EMAIL = "email", "电子邮件"
    LINK = "link", "一次性链接"
    PAPER = "paper", "纸质送达"


class AuditResult(models.TextChoices):
    DONE = "done", "成功"
    DENIED = "denied", "拒绝"
    FAILED = "failed", "失败"


class AuditAction(models.TextChoices):
    """Everything the portal writes to its audit trail."""

    LOGIN = "login", "登录"
    LOGIN_FAILED = "login_failed", "登录失败"
    LOGOUT = "logout", "退出"
    LOCKED_OUT = "locked_out", "账号锁定"
    PASSWORD_CHANGED = "password_changed", "修改密码"
    PASSWORD_RESET = "password_reset", "重置密码"
    TOTP_ENABLED = "totp_enabled", "启用两步验证"
    TOTP_DISABLED = "totp_disabled", "停用两步验证"
    RECOVERY_CODES_ISSUED = "recovery_codes_issued", "生成恢复码"
    RECOVERY_CODE_USED = "recovery_code_used", "使用恢复码"
    USER_CREATED = "user_created", "新建账号"
    USER_UPDATED = "user_updated", "修改账号"
    USER_DISABLED = "user_disabled", "停用账号"
    POST_GRANTED = "post_granted", "授予岗位"
    POST_ENDED = "post_ended", "结束岗位"
    PARAMETER_CHANGED = "parameter_changed", "修改参数"
    KEYS_ROTATED = "keys_rotated", "轮换加密密钥"
    ORGANIZATION_CREATED = "organization_created", "新建组织"
    ORGANIZATION_UPDATED = "organization_updated", "修改组织"
    ORGANIZATION_MOVED = "organization_moved", "划转组织"
    ORGANIZATION_MERGED = "organization_merged", "合并组织"
    ORGANIZATION_CLOSED = "organization_closed", "撤销组织"
    ORGANIZATIONS_IMPORTED = "organizations_imported", "导入组织"
    COMMUNITY_SAVED = "community_saved", "维护社区"
    WORK_UNIT_SAVED = "work_unit_saved", "维护单位"
    MEMBER_CREATED = "member_created", "新增党员"
    MEMBER_UPDATED = "member_updated", "修改党员"
    MEMBER_VIEWED = "member_viewed", "查看党员"
    FIELD_REVEALED = "field_revealed", "查看完整信息"
    AFFILIATION_STARTED = "affiliation_started", "建立隶属"
    AFFILIATION_ENDED = "affiliation_ended", "结束隶属"
    ROSTER_UPLOADED = "roster_uploaded", "上传花名册"
    ROSTER_IMPORTED = "roster_imported", "导入花名册"
    ROSTER_UNDONE = "roster_undone", "撤销导入"
    CLAIM_SETTLED = "claim_settled", "处理重复认领"
    TRANSFER_DRAFTED = "transfer_drafted", "登记转接"
    TRANSFER_AMENDED = "transfer_amended", "修改转接"
    LETTER_ISSUED = "letter_issued", "开具介绍信"
    TRANSFER_CHANGED = "transfer_changed", "办理转接"
    CONTACT_RECORDED = "contact_recorded", "记录联系"
    CONTACT_WITHDRAWN = "contact_withdrawn", "撤回联系记录"
    PAIR_SETTLED = "pair_settled", "核对疑似重复"
    MEMBERS_MERGED = "members_merged", "合并档案"
    MERGE_UNDONE = "merge_undone", "撤销合并"
    SLIP_RECORDED = "slip_recorded", "登记报到单"
    SLIP_AMENDED = "slip_amended", "修改报到单"
    SLIP_SETTLED = "slip_settled", "办理报到单"
    PLAQUE_HUNG = "plaque_hung", "登记挂牌"
    PLAQUE_CHANGED = "plaque_changed", "修改挂牌"
    COMMENT_RECORDED = "comment_recorded", "登记居民评议"
    COMMENT_CHANGED = "comment_changed", "办理居民评议"
    APPLICANT_REGISTERED = "applicant_registered", "登记入党申请人"
    APPLICANT_UPDATED = "applicant_updated", "修改培养档案"
    APPLICANT_MOVED = "applicant_moved", "移交培养对象"
    APPLICANT_CLOSED = "applicant_closed", "终止培养"
    DEVELOPMENT_RECORDED = "development_recorded", "登记发展党员步骤"
    DEVELOPMENT_WITHDRAWN = "development_withdrawn", "撤回发展党员步骤"
    DUES_SET = "dues_set", "核定党费"
    DUES_MARKED = "dues_marked", "登记党费"
    DUES_WITHDRAWN = "dues_withdrawn", "撤回党费登记"
    COMMENDED = "commended", "登记表彰"
    COMMENDATION_WITHDRAWN = "commendation_withdrawn", "撤回表彰登记"
    EMPLOYMENT_RECORDED = "employment_recorded", "登记就业状况"
    EMPLOYMENT_AMENDED = "employment_amended", "更正就业状况"
    EMPLOYMENT_WITHDRAWN = "employment_withdrawn", "撤回就业记录"
    NEEDS_SAVED = "needs_saved", "维护就业需求"
    HELP_RECORDED = "help_recorded", "记录就业帮扶"
    HELP_SETTLED = "help_settled", "登记帮扶结果"
    LEAD_RECORDED = "lead_recorded", "记录双带事迹"
    ACTIVITY_RECORDED = "activity_recorded", "记录活动"
    ACTIVITY_UPDATED = "activity_updated", "修改活动"
    ACTIVITY_CANCELLED = "activity_cancelled", "取消活动"
    ACHIEVEMENT_RECORDED = "achievement_recorded", "记录完成项"
    ACHIEVEMENT_WITHDRAWN = "achievement_withdrawn", "撤回完成项"
    PROGRAM_SAVED = "program_saved", "维护项目清单"
    CARD_OPENED = "card_opened", "建立联系卡"
    CARD_UPDATED = "card_updated", "修改联系卡"
    CARD_CLOSED = "card_closed", "注销联系卡"
    CARD_ENTRY_ADDED = "card_entry_added", "记录联系卡"
    CARD_ENTRY_WITHDRAWN = "card_entry_withdrawn", "撤回联系卡记录"
    FEEDBACK_OPENED = "feedback_opened", "开启反馈期"
    FEEDBACK_WORDED = "feedback_worded", "填写反馈评语"
    FEEDBACK_CLOSED = "feedback_closed", "截止反馈期"
    PACKETS_BUILT = "packets_built", "生成反馈材料"
    PACKET_SENT = "packet_sent", "送达反馈材料"
    PACKET_OPENED = "packet_opened", "单位打开反馈材料"
    PACKET_REMINDED = "packet_reminded", "催办单位确认"
    PACKET_CONFIRMED = "packet_confirmed", "单位确认反馈"
    EXPORTED = "exported", "导出"
    DOWNLOADED = "downloaded", "下载"
    MONTH_CLOSED = "month_closed", "月结"
    HARDSHIP_VIEWED = "hardship_viewed", "查看困难帮扶"
    HARDSHIP_APPLIED = "hardship_applied", "申请困难帮扶"
    HARDSHIP_CHANGED = "hardship_changed", "办理困难帮扶"
    AID_RECORDED = "aid_recorded", "登记帮扶"
    AID_WITHDRAWN = "aid_withdrawn", "撤回帮扶"
    JOB_REQUESTED = "job_requested", "提交任务"
    JOB_CANCELLED = "job_cancelled", "取消任务"
    DENIED = "denied", "越权访问"


class JobState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    SUCCEEDED = "succeeded", "已完成"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"
    REFUSED = "refused", "已拒绝"


class FilePurpose(models.TextChoices):
    PHOTO = "photo", "活动照片"
    EVIDENCE = "evidence", "佐证材料"
    ROSTER = "roster", "花名册原件"
    REGISTER = "register", "组织名册原件"
    SLIPS = "slips", "报到名单原件"
    PLAQUE = "plaque", "挂牌照片"
