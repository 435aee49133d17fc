"""Code values of the members app: stored in English, shown in Chinese."""

from django.db import models


class Sex(models.TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class Category(models.TextChoices):
    """Kinds of member for education management. Source: 街道经验材料, 分类教育管理."""

    IN_POST = "in_post", "在职党员"
    MOBILE = "mobile", "流动党员"
    LAID_OFF = "laid_off", "下岗失业党员"
    RETIRED = "retired", "离退休党员"
    OTHER = "other", "其他党员"


class MemberType(models.TextChoices):
    """人员类别 of the 2017 national collection."""

    FULL = "full", "正式党员"
    PROBATIONARY = "probationary", "预备党员"


class MembershipStatus(models.TextChoices):
    """党籍状态. Source: 《中国共产党党员教育管理工作条例》第二十四条."""

    NORMAL = "normal", "正常"
    SUSPENDED = "suspended", "停止党籍"
    SELF_QUIT = "self_quit", "自行脱党除名"
    PERSUADED_OUT = "persuaded_out", "劝退"
    REFUSED_OUT = "refused_out", "劝而不退除名"
    WITHDREW = "withdrew", "退党除名"
    EXPELLED = "expelled", "开除党籍"
    PROBATION_CANCELLED = "probation_cancelled", "取消预备资格"
    DECEASED = "deceased", "去世"
    TRANSFERRED_OUT = "transferred_out", "转出"


class AffiliationKind(models.TextChoices):
    ON_ROLL = "on_roll", "在册"
    CO_MANAGED = "co_managed", "协管"
    MOBILE_IN = "mobile_in", "流入"


class StartReason(models.TextChoices):
    """Why a person came to a branch; the monthly report names each."""

    REGISTERED = "registered", "建档登记"
    NEW_MEMBER = "new_member", "新发展"
    TRANSFERRED_IN = "transferred_in", "转入"
    MOVED_WITHIN = "moved_within", "街道内调入"
    REPORTED_IN = "reported_in", "报到"
    FLOWED_IN = "flowed_in", "流入"
    REINSTATED = "reinstated", "恢复党籍"


class EndReason(models.TextChoices):
    TRANSFERRED_OUT = "transferred_out", "转出"
    MOVED_WITHIN = "moved_within", "街道内调出"
    DECEASED = "deceased", "去世"
    REMOVED = "removed", "出党"
    LEFT_UNIT = "left_unit", "离开单位或住址"
    FLOWED_BACK = "flowed_back", "返回"
    MISTAKE = "mistake", "登记有误"


class Precision(models.TextChoices):
    """How much of a date the source gave: rosters often write 1991.05."""

    DAY = "day", "日"
    MONTH = "month", "月"
    YEAR = "year", "年"


class RosterState(models.TextChoices):
    UPLOADED = "uploaded", "已上传"
    MAPPING = "mapping", "待核对列"
    CHECKING = "checking", "校验中"
    CHECKED = "checked", "待确认"
    IMPORTING = "importing", "写入中"
    IMPORTED = "imported", "已导入"
    UNDONE = "undone", "已撤销"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已放弃"
    EXPIRED = "expired", "预览已过期"


class RowVerdict(models.TextChoices):
    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    UNCHANGED = "unchanged", "无变化"
    ERROR = "error", "有错误"


class ClaimState(models.TextChoices):
    OPEN = "open", "待处理"
    ACCEPTED = "accepted", "已并入"
    REFUSED = "refused", "不予受理"


class TransferDirection(models.TextChoices):
    OUT = "out", "转出街道"
    WITHIN = "within", "街道内转接"


class TransferDestination(models.TextChoices):
    """Where a relation goes. Source: 《中国共产党党员教育管理工作条例》第二十五条."""

    WORKPLACE = "workplace", "工作单位"
    RESIDENCE = "residence", "经常居住地"
    TALENT_CENTRE = "talent_centre", "人才服务机构"


class TransferState(models.TextChoices):
    DRAFTED = "drafted", "待开具"
    ISSUED = "issued", "待接收"
    ACCEPTED = "accepted", "已接收"
    RECEIPTED = "receipted", "回执已收"
    EXPIRED = "expired", "已过有效期"
    LOST = "lost", "介绍信遗失"
    WITHDRAWN = "withdrawn", "已撤回"


# GB/T 3304 names; the romanized names of the standard are the stored values.
ETHNIC_GROUPS: dict[str, str] = {
    "Han": "汉族",
    "Mongol": "蒙古族",
    "Hui": "回族",
    "Zang": "藏族",
    "Uygur": "维吾尔族",
    "Miao": "苗族",
    "Yi": "彝族",
    "Zhuang": "壮族",
    "Buyei": "布依族",
    "Chosen": "朝鲜族",
    "Man": "满族",
    "Dong": "侗族",
    "Yao": "瑶族",
    "Bai": "白族",
    "Tujia": "土家族",
    "Hani": "哈尼族",
    "Kazak": "哈萨克族",
    "Dai": "傣族",
    "Li": "黎族",
    "Lisu": "傈僳族",
    "Va": "佤族",
    "She": "畲族",
    "Gaoshan": "高山族",
    "Lahu": "拉祜族",
    "Sui": "水族",
    "Dongxiang": "东乡族",
    "Naxi": "纳西族",
    "Jingpo": "景颇族",
    "Kirgiz": "柯尔克孜族",
    "Tu": "土族",
    "Daur": "达斡尔族",
    "Mulao": "仫佬族",
    "Qiang": "羌族",
    "Blang": "布朗族",
    "Salar": "撒拉族",
    "Maonan": "毛南族",
    "Gelao": "仡佬族",
    "Xibe": "锡伯族",
    "Achang": "阿昌族",
    "Pumi": "普米族",
    "Tajik": "塔吉克族",
    "Nu": "怒族",
    "Uzbek": "乌孜别克族",
    "Russ": "俄罗斯族",
    "Ewenki": "鄂温克族",
    "Deang": "德昂族",
    "Bonan": "保安族",
    "Yugur": "裕固族",
    "Gin": "京族",
    "Tatar": "塔塔尔族",
    "Derung": "独龙族",
    "Oroqen": "鄂伦春族",
    "Hezhen": "赫哲族",
    "Monba": "门巴族",
    "Lhoba": "珞巴族",
    "Jino": "基诺族",
    "Other": "其他",
    "Foreign": "外国血统",
}

# 学历, as a system for 组织关系 lists it.
EDUCATION: dict[str, str] = {
    "doctorate": "博士研究生",
    "master": "硕士研究生",
    "master_class": "硕士生班",
    "central_party_graduate": "中央党校研究生",
    "provincial_party_graduate": "省（区、市）委党校研究生",
    "bachelor": "大学",
    "college": "大专",
    "university_general": "大学普通班",
    "second_bachelor": "第二学士学位班",
    "central_party_bachelor": "中央党校大学",
    "provincial_party_bachelor": "省（区、市）委党校大学",
    "central_party_college": "中央党校大专",
    "provincial_party_college": "省（区、市）委党校大专",
    "secondary_specialized": "中等专科",
    "vocational_high": "职业高中",
    "skilled_worker_school": "技工学校",
    "high_school": "普通高中",
    "junior_high": "初中",
    "primary": "小学",
    "other": "其他",
}

# 工作岗位 of the same list, the part that rosters in the samples and forms use.
JOB_POSTS: dict[str, str] = {
    "institution_manager": "事业单位管理岗位",
    "public_enterprise_manager": "公有经济控制企业管理岗位",
    "private_enterprise_manager": "非公有经济控制企业管理岗位",
    "private_nonenterprise_manager": "民办非企业管理岗位",
    "institution_technical": "事业单位专业技术岗位",
    "public_enterprise_technical": "公有企业专业技术岗位",
    "private_enterprise_technical": "非公企业专业技术岗位",
    "private_nonenterprise_technical": "民办非企业专业技术岗位",
    "public_enterprise_worker": "公有经济控制单位工勤岗位",
    "private_enterprise_worker": "非公有企业工勤岗位",
    "private_nonenterprise_worker": "民办非企业工勤岗位",
    "agency_worker": "机关单位工勤岗位",
    "institution_worker": "事业单位工勤岗位",
    "civil_servant": "公务员",
    "civil_servant_equivalent": "参照公务员法管理的工作人员",
    "farmer": "农牧渔业生产人员",
    "village_doctor": "乡村医生",
    "migrant_worker": "外出务工经商人员",
    "other_farmer": "其他农牧渔民",
    "student": "学生",
    "retired_cadre": "离休干部",
    "retired": "退休人员",
    "resigned_with_pension": "退职人员",
    "internally_retired": "内部退养职工",
    "armed_forces": "解放军武警",
    "village_official": "大学生村官",
    "community_worker": "社区工作人员",
    "unpaid_leave": "停薪留职人员",
    "self_employed": "个体工商户从业人员",
    "freelance": "自由职业人员",
    "awaiting_placement": "待安置或毕业未就业",
    "bankrupt_not_reemployed": "企业破产后未重新就业",
    "overdue_abroad": "出国逾期未归",
    "off_post_kept_relation": "离岗保留劳动关系",
    "talent_centre_unknown": "关系在人才中心且职业不明",
    "other_employed": "其他从业人员",
    "other_unemployed": "其他无业人员",
}
