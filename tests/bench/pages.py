"""Every page a user opens in a month's work, and how it is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.models import (
    Activity,
    Course,
    Plan,
    ServiceProject,
    ServiceRequest,
    VolunteerTeam,
)
from config.lib import registry
from liaison.models import LiaisonCard
from members.models import (
    Applicant,
    HardshipCase,
    LostCase,
    Member,
    MembershipDecision,
    MobileStay,
    Plaque,
    ReportSlip,
    ResidentComment,
    Transfer,
    TransferBatch,
)
from organizations.models import Job, User, WorkUnit
from tests.bench.pages_activities import Page, home_pages, review_pages
from tests.bench.pages_agreements import agreement_pages
from tests.bench.pages_authorities import authority_pages
from tests.bench.pages_committees import committee_pages
from tests.bench.pages_conferences import conference_pages
from tests.bench.pages_coverage import coverage_pages
from tests.bench.pages_funds import fund_pages
from tests.bench.pages_instructors import instructor_pages
from tests.bench.pages_liaison import post_pages
from tests.bench.pages_maps import map_pages
from tests.bench.pages_matters import matter_pages
from tests.bench.pages_mutual import mutual_pages
from tests.bench.pages_pairs import pair_pages
from tests.bench.pages_rooms import room_pages
from tests.bench.street import Street
from tests.bench.told import told_pages

MOST_QUERIES = 12


def client_of(user: User) -> Client:
    """A client logged in, whose session is as young as it was last used."""
    user.refresh_from_db()
    client = Client()
    client.force_login(user)
    return client


def pages(street: Street) -> list[Page]:
    found = [*_shared(street), *_single(street), *_care(street), *home_pages(street)]
    found += agreement_pages(street)
    found += pair_pages(street)
    found += fund_pages(street)
    found += mutual_pages(street)
    found += conference_pages(street)
    found += authority_pages(street)
    found += room_pages(street)
    found += matter_pages(street)
    found += map_pages(street)
    found += coverage_pages(street)
    found += instructor_pages(street)
    found += [
        ("审计日志", "auditor", reverse("organizations:audit")),
        ("系统管理员首页", "sysadmin", reverse("home")),
        ("审计员首页", "auditor", reverse("home")),
        ("参数", "sysadmin", reverse("organizations:parameters")),
        ("重复认领", "staff", reverse("members:claim-list")),
        ("疑似重复", "staff", reverse("members:pair-list")),
        ("重复报到", "staff", reverse("members:double-list")),
    ]
    for alert in registry.alerts():
        if street.users["staff"].has_right(alert.right):
            url = reverse("reports:alert", args=[alert.key])
            found.append((f"待办 {alert.key}", "staff", url))
    return found


def _shared(street: Street) -> Iterator[Page]:
    """Pages that staff and secretaries open, each in his scope."""
    today = street.today
    lists = {
        "首页": reverse("home"),
        "党员名册": reverse("members:list"),
        "党员名册末页": reverse("members:list") + "?last=1",
        "党员查询": reverse("members:list") + "?q=建国",
        "党员筛选": reverse("members:list")
        + "?more=1&category=retired&sex=male&age_from=60&check=no_phone",
        "导入花名册": reverse("members:roster-upload"),
        "报到登记": reverse("members:slip-list"),
        "批量登记报到": reverse("members:slip-upload"),
        "登记报到单": reverse("members:slip-add"),
        "党员挂牌": reverse("members:plaque-list"),
        "挂牌率": reverse("members:plaque-rates"),
        "居民评议": reverse("members:comment-list"),
        "党员筛选 没有挂牌": reverse("members:list") + "?more=1&check=no_plaque",
        "转接": reverse("members:transfer-list"),
        "联系党员": reverse("members:call"),
        "流动党员": reverse("members:mobile-list"),
        "流动党员花名册": reverse("members:mobile-register"),
        "流入党员": reverse("members:mobile-list") + "?side=in&show=unplaced",
        "登记流出 选人": reverse("members:mobile-choose"),
        "登记流入": reverse("members:mobile-in"),
        "就业帮扶": reverse("members:employment-list"),
        "就业帮扶 已再就业": reverse("members:employment-list") + "?group=reemployed",
        "双带台账": reverse("members:lead-list"),
        "数据质量": reverse("members:quality"),
        "党费": reverse("members:dues-branches"),
        "党费 未登记": reverse("members:dues-branches") + "?only=none",
        "党费 按人": reverse("members:dues-people"),
        "党费 欠交": reverse("members:dues-people") + "?behind=3",
        "表彰": reverse("members:commendation-list"),
        "导出党费月报": reverse("reports:dues-export"),
        "导出双带台账": reverse("reports:leads-export"),
        "失联处置": reverse("members:standing-list"),
        "久未联系": reverse("members:standing-list") + "?group=silent",
        "待批准": reverse("members:standing-list") + "?group=waiting",
        "发展党员": reverse("members:development"),
        "发展党员 积极分子": reverse("members:development") + "?stage=activist",
        "发展党员 预备党员": reverse("members:development") + "?stage=probation",
        "发展党员 台账": reverse("members:development-ledger"),
        "预备党员 台账": reverse("members:development-ledger") + "?list=probation",
        "转接 全部": reverse("members:transfer-list") + "?group=all",
        "凭介绍信转入": reverse("members:transfer-in"),
        "活动": reverse("activities:list"),
        "活动查询": reverse("activities:list")
        + f"?from={today - timedelta(days=60)}&until={today}",
        "活动登记": reverse("activities:record"),
        "安排活动": reverse("activities:arrange"),
        "三会一课": reverse("activities:duties"),
        "活动日历": reverse("activities:calendar"),
        "活动日历 列表": reverse("activities:calendar") + "?view=list",
        "工作计划": reverse("activities:plans"),
        "订阅日历": reverse("activities:feed"),
        "项目清单": reverse("activities:program-list"),
        "班子与换届": reverse("members:teams"),
        "班子与换届 没有书记": reverse("members:teams") + "?group=headless",
        "完成情况": reverse("activities:completion"),
        "业余党校": reverse("activities:term-list"),
        "学时进度": reverse("activities:study"),
        "学时进度 落后的": reverse("activities:study") + "?show=behind",
        "自学与提问": reverse("activities:self-study-list"),
        "自学与提问 未解答": reverse("activities:self-study-list") + "?show=open",
        "走访进度": reverse("activities:visit-board"),
        "记一次走访 选楼": reverse("activities:visit-record"),
        "住户台账": reverse("activities:household-list"),
        "住户台账 未走访": reverse("activities:household-list") + "?visited=no",
        "走访记录": reverse("activities:visit-list"),
        "走访事项": reverse("activities:visit-matters"),
        "走访事项 全部": reverse("activities:visit-matters") + "?group=all",
        "志愿服务队": reverse("activities:team-list"),
        "新建服务队": reverse("activities:team-add"),
        "贴心服务": reverse("activities:request-list"),
        "贴心服务 待认领": reverse("activities:request-list") + "?group=offered",
        "贴心服务 已结束": reverse("activities:request-list") + "?group=ended",
        "登记服务需求": reverse("activities:request-add"),
        "服务项目": reverse("activities:project-list"),
        "服务项目 有空岗": reverse("activities:project-list") + "?group=free",
        "登记服务项目": reverse("activities:project-add"),
        "找人帮忙": reverse("activities:match") + "?needed_at=weekends&community=1",
        "联系卡": reverse("liaison:card-list"),
        "未建卡": reverse("liaison:card-missing"),
        "认领岗位": reverse("liaison:post-list"),
        "认领岗位 待决定": reverse("liaison:post-list") + "?group=waiting",
        "岗位公示": reverse("liaison:post-print"),
        "设岗": reverse("liaison:post-add"),
        "反馈期": reverse("liaison:period-list"),
        "反馈看板": reverse("liaison:period-detail", args=[street.round.pk]),
        "党组织": reverse("organizations:list"),
        "工作单位": reverse("organizations:work-unit-list"),
        "社区": reverse("organizations:community-list"),
        "任务": reverse("organizations:jobs"),
        "月报": reverse("reports:monthly"),
        "导出中心": reverse("reports:exports"),
        "导出花名册": reverse("reports:roster-export"),
        "指标说明": reverse("reports:definitions"),
    }
    for role in ("staff", "community", "branch"):
        for name, url in lists.items():
            yield name, role, url


def _care(street: Street) -> Iterator[Page]:
    """Members in difficulty, for the branch's secretary and the street's officer."""
    case = (
        HardshipCase.objects.recognized()
        .filter(organization=street.branches[0])
        .order_by("pk")
        .first()
    )
    assert case is not None
    step = reverse("members:hardship-step", args=[case.pk, "review"])
    found = {
        "困难党员": reverse("members:hardship-list"),
        "困难党员 未帮扶": reverse("members:hardship-list") + "?needs=unaided",
        "困难党员 年度名单": reverse("members:hardship-year"),
        "困难党员 一件": case.get_absolute_url(),
        "困难党员 复核": step,
        "困难党员 登记帮扶": reverse("members:aid-add", args=[case.pk]),
        "困难党员 档案": reverse("members:member-hardship", args=[case.member_id]),
    }
    for role in ("branch", "officer"):
        for name, url in found.items():
            yield name, role, url
        for key in ("hardship_unaided", "hardship_to_review"):
            alert = reverse("reports:alert", args=[f"members.{key}"])
            yield f"待办 members.{key}", role, alert
    yield "困难帮扶专干首页", "officer", reverse("home")
    applying = reverse("members:hardship-apply", args=[street_member(street).pk])
    yield "困难党员 申请", "branch", applying


def street_member(street: Street) -> Member:
    """Somebody of the first branch without a case."""
    members = Member.objects.in_subtree(street.branches[0], "on_roll")
    found = members.filter(hardships=None).order_by("pk").first()
    assert found is not None
    return found


def _single(street: Street) -> Iterator[Page]:
    """Pages of one thing, which lies in the branch secretary's scope."""
    branch = street.branches[0]
    card = LiaisonCard.objects.filter(organization=branch).order_by("pk").first()
    activity = Activity.objects.filter(organization=branch).order_by("pk").first()
    member = Member.objects.in_subtree(branch).order_by("pk").first()
    unit = WorkUnit.objects.order_by("pk").first()
    assert card is not None
    assert activity is not None
    assert member is not None
    assert unit is not None
    laid_off = Member.objects.in_subtree(branch).filter(category="laid_off")
    helped = laid_off.order_by("pk").first() or member
    applicant = Applicant.objects.filter(organization=branch).order_by("pk").first()
    assert applicant is not None
    young = Member.objects.filter(member_type="probationary").order_by("pk").first()
    assert young is not None
    letter = Transfer.objects.filter(source=branch).order_by("pk").first()
    batch = TransferBatch.objects.order_by("pk").first()
    assert letter is not None
    assert batch is not None
    month = street.last_month.label
    other = Member.objects.in_subtree(branch).order_by("pk")[1]  # who is not lost
    case = LostCase.objects.filter(organization=branch).order_by("pk").first()
    asked = MembershipDecision.objects.filter(organization=branch).first()
    assert case is not None
    assert asked is not None
    slip = ReportSlip.objects.filter(organization=branch).order_by("pk").first()
    plaque = Plaque.objects.filter(organization=branch).order_by("pk").first()
    comment = ResidentComment.objects.filter(organization=branch).order_by("pk").first()
    assert slip is not None
    assert plaque is not None
    assert comment is not None
    plan = Plan.objects.get()
    seminar = Activity.objects.filter(organization=branch, kind="seminar").first()
    assert seminar is not None
    stay = MobileStay.objects.filter(home=branch).order_by("pk").first()
    assert stay is not None
    course = Course.objects.order_by("pk").first()  # of the street
    assert course is not None
    team = VolunteerTeam.objects.filter(organization=branch).order_by("pk").first()
    assert team is not None
    wanted = {
        state: ServiceRequest.objects.filter(organization=branch, state=state).first()
        for state in ("received", "published", "claimed")
    }
    assert all(wanted.values())
    project = ServiceProject.objects.filter(organization=branch).first()
    assert project is not None
    post = project.posts.order_by("pk").first()
    assert post is not None
    chosen = f"?organization={branch.pk}"
    single = {
        "党员": reverse("members:detail", args=[member.pk]),
        "在职党员": reverse("members:detail", args=[card.member_id]),
        "党员修改记录": reverse("members:history", args=[member.pk]),
        "党员联系记录": reverse("members:contacts", args=[member.pk]),
        "党籍": reverse("members:standing", args=[member.pk]),
        "党员党费": reverse("members:dues", args=[member.pk]),
        "登记党费": reverse("members:dues-mark", args=[branch.pk, month]),
        "核定党费": reverse("members:dues-bases", args=[branch.pk, month]),
        "失联处置 一件": reverse("members:lost", args=[case.pk]),
        "登记失联": reverse("members:lost-add", args=[other.pk]),
        "党籍处理": reverse("members:decision", args=[asked.pk]),
        "提出党籍处理": reverse("members:decision-add", args=[other.pk]),
        "党员就业": reverse("members:employment", args=[helped.pk]),
        "登记就业": reverse("members:spell-add", args=[helped.pk]),
        "党员报到挂牌": reverse("members:reports", args=[member.pk]),
        "登记挂牌": reverse("members:plaque-add", args=[member.pk]),
        "登记评议": reverse("members:comment-add", args=[member.pk]),
        "报到单": reverse("members:slip", args=[slip.pk]),
        "打印报到单": reverse("members:slip-print", args=[slip.pk]),
        "受理报到": reverse("members:slip-step", args=[slip.pk, "accept"]),
        "挂牌详情": reverse("members:plaque", args=[plaque.pk]) + "?q=建国",
        "评议详情": reverse("members:comment", args=[comment.pk]),
        "培养对象": reverse("members:applicant", args=[applicant.pk]),
        "培养步骤": reverse("members:applicant-step", args=[applicant.pk, "contacts"]),
        "培养对象修改": reverse("members:applicant-edit", args=[applicant.pk]),
        "登记入党申请人": reverse("members:applicant-add"),
        "谁能看到": reverse("members:who-sees", args=[member.pk]),
        "党员流动": reverse("members:mobile-member", args=[member.pk]),
        "流动登记": reverse("members:mobile", args=[stay.pk]),
        "修改流动登记": reverse("members:mobile-amend", args=[stay.pk]),
        "结束流动": reverse("members:mobile-step", args=[stay.pk, "end"]),
        "编辑党员": reverse("members:edit", args=[member.pk]),
        "新增党员": reverse("members:add"),
        "转接详情": reverse("members:transfer", args=[letter.pk]),
        "批量转接": reverse("members:transfer-batch-add"),
        "活动详情": reverse("activities:detail", args=[activity.pk]),
        "活动登记 支部": reverse("activities:record") + chosen,
        "活动修改": reverse("activities:edit", args=[activity.pk]),
        "三会一课 支部": reverse("activities:duties") + f"?organization={branch.pk}",
        "工作计划 一份": plan.get_absolute_url(),
        "安排活动 支部": reverse("activities:arrange") + f"?branch={branch.pk}",
        "研讨会": seminar.get_absolute_url(),
        "登记交流材料": reverse("activities:paper-add", args=[seminar.pk]),
        "签到表": reverse("activities:attendance-sheet", args=[activity.pk]),
        "完成情况 支部": reverse("activities:completion") + chosen,
        "服务队": reverse("activities:team", args=[team.pk]),
        "加入队员": reverse("activities:team-members", args=[team.pk]),
        "修改服务队": reverse("activities:team-edit", args=[team.pk]),
        "登记空闲时间": reverse("activities:availability", args=[member.pk]),
        "服务项目 一个": project.get_absolute_url(),
        "登记服务项目 支部": reverse("activities:project-add") + f"?branch={branch.pk}",
        "登记上岗": reverse("activities:placement-add", args=[project.pk]),
        "停办服务项目": reverse("activities:project-close", args=[project.pk]),
        "修改岗位": reverse("activities:post-edit", args=[post.pk]),
        "服务需求": wanted["claimed"].get_absolute_url(),
        **{
            f"服务需求 {step}": reverse(
                "activities:request-step", args=[wanted[state].pk, step]
            )
            for state, step in (
                ("received", "check"),
                ("published", "claim"),
                ("claimed", "done"),
            )
        },
        "联系卡详情": reverse("liaison:card-detail", args=[card.pk]),
        "联系卡打印": reverse("liaison:card-print", args=[card.pk]),
        **post_pages(branch, card),
        "评语": reverse("liaison:remarks", args=[street.round.pk, branch.pk]),
        "党组织详情": reverse("organizations:detail", args=[branch.pk]),
        "工作单位详情": reverse("organizations:work-unit-detail", args=[unit.pk]),
    }
    single |= review_pages(branch)
    for name, url in single.items():
        yield name, "branch", url
    single |= {
        "党员学习": reverse("activities:member-study", args=[member.pk]),
        "登记自学": reverse("activities:self-study-add", args=[member.pk]),
        **committee_pages(branch),
    }
    single["党校学期"] = reverse("activities:term", args=[course.term_id])
    together = f"?branch={street.root.pk}&course={course.pk}&among={branch.pk}"
    yield (
        "党校 记一次课",
        "staff",
        reverse("activities:course-session", args=[course.pk]),
    )
    yield "党校 集中上课", "staff", reverse("activities:record") + together
    for name in ("党员", "活动详情", "党组织详情", "党校学期"):
        yield name, "staff", single[name]
    staff = {
        "工作计划 街道": plan.get_absolute_url(),
        "制定计划": reverse("activities:plan-add"),
        "修改计划": reverse("activities:plan-edit", args=[plan.pk]),
        "批量转接 一批": reverse("members:transfer-batch", args=[batch.pk]),
        "批量转接 打印": reverse("members:batch-letters", args=[batch.pk]),
        "介绍信": reverse("members:transfer-letter", args=[letter.pk]),
        "预备期步骤": reverse("members:probation-step", args=[young.pk, "confirm"]),
        "预备党员党籍": reverse("members:standing", args=[young.pk]),
        # A secretary of one branch is led to its review.
        "民主评议": reverse("activities:reviews"),
        "民主评议 没有开始": reverse("activities:reviews") + "?state=none",
        "民主评议 一个支部": single["民主评议 已批准"],
    }
    for name, url in staff.items():
        yield name, "staff", url
    for place, name in ((street.root, "街道"), (street.communities[0], "社区")):
        url = reverse("organizations:detail", args=[place.pk])
        yield f"党组织详情 {name}", "staff", url
    job = Job.objects.order_by("pk").first()
    if job is not None:
        yield "任务详情", "staff", reverse("organizations:job-detail", args=[job.pk])
    yield from told_pages(street.branches[0])
    units = reverse("liaison:period-units", args=[street.round.pk])
    yield "反馈单位", "staff", units


def query_counts(street: Street) -> dict[tuple[str, str], int]:
    """Queries of each page by (name, who); every page must answer 200."""
    clients = {name: client_of(user) for name, user in street.users.items()}
    counts = {}
    for name, role, url in pages(street):
        client = clients[role]
        # The first visit may bring the summary rows up to date.
        first = client.get(url)
        assert first.status_code == 200, (name, role, url, first.status_code)
        counts[name, role] = _asked(client, url)
    return counts


def _asked(client: Client, url: str) -> int:
    """How many queries a visit takes that need not note the session as alive.

    Once a minute one does, whichever comes then.
    """
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    if any(each["sql"].startswith('UPDATE "django_session"') for each in captured):
        return _asked(client, url)
    # Beginning and ending a transaction asks nothing; a test, in one, has neither.
    return sum(each["sql"] not in {"BEGIN", "COMMIT"} for each in captured)
