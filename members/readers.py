"""Who can see a person, and what of him, in plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from config.lib.paths import ancestors, is_within
from members.choices import AffiliationKind
from members.models import Affiliation, Member
from organizations.access import MEMBER_ROLES, ROLE_RIGHTS, Right
from organizations.models import Post, User

# What a right lets somebody do with a person; in the order said.
WORDS: dict[Right, str] = {
    Right.VIEW_MEMBERS: "查看档案（号码、住址遮住）",
    Right.EDIT_MEMBERS: "修改档案、办理隶属关系",
    Right.REVEAL_CONTACT: "写明理由后查看电话和住址",
    Right.REVEAL_ID: "写明理由后查看身份证号",
    Right.ISSUE_LETTERS: "开具和打印介绍信（印有身份证号）",
    Right.SETTLE_CLAIMS: "核对重复登记、合并档案",
    Right.EXPORT: "导出名册",
    Right.FILE_HARDSHIP: "申请和登记困难帮扶",
    Right.RECOGNIZE_HARDSHIP: "认定困难党员、登记帮扶",
}
# Where somebody is on the roll, and nowhere else.
_ON_ROLL_ONLY = {Right.FILE_HARDSHIP, Right.RECOGNIZE_HARDSHIP}
_NOBODY_ELSE = (
    "困难帮扶：不论有没有，只有在册支部的书记、所在社区的书记和困难帮扶专干能看，"
    "每次查看都有记录；街道工作人员、系统管理员、其他支部都看不到。",
    "系统管理员：看不到任何党员信息。",
    "审计员：只看到谁在什么时候做了什么，人只显示编号。",
    "其他街道、其他社区和支部的账号：看不到。",
)

# What upper apps add: sentences about one member for somebody who sees him.
Sentences = Callable[[User, Member], list[str]]
_more: list[Sentences] = []


def register_sentences(sentences: Sentences) -> None:
    """Let an app above say who else reads of a member through what it keeps."""
    _more.append(sentences)


@dataclass(frozen=True)
class Reader:
    """One post: who holds it, why it reaches the person, and what it lets him do."""

    who: str
    why: str
    may: list[str]


def readers(member: Member, viewer: User, today: date) -> list[Reader]:
    """Every post of today that reaches the person, the nearest first.

    Of organizations that `viewer` does not see neither name nor holder is told.
    """
    relations = list(member.affiliations.open().select_related("organization"))
    reached: dict[str, list[Affiliation]] = {}
    for relation in relations:
        for path in ancestors(relation.organization.path):
            reached.setdefault(path, []).append(relation)
    posts = (
        Post.objects.in_force(today)
        .filter(role__in=MEMBER_ROLES, organization__path__in=reached)
        .select_related("user", "organization")
        .order_by("-organization__path", "role", "user__username")
    )
    return [
        _reader(post, reached[post.organization.path], viewer)
        for post in posts
        if post.organization and post.user.is_active
    ]


def sentences(member: Member, viewer: User) -> list[str]:
    """What else there is to say, from the apps above and in general."""
    told = [line for add in _more for line in add(viewer, member)]
    return [*told, *_NOBODY_ELSE]


def _reader(post: Post, relations: list[Affiliation], viewer: User) -> Reader:
    organization = post.organization
    assert organization is not None
    is_known = any(
        is_within(organization.path, root) or is_within(root, organization.path)
        for root in viewer.structure_paths
    )
    role = post.get_role_display()
    kinds = {relation.kind for relation in relations}
    rights = ROLE_RIGHTS[post.role]
    is_on_roll = AffiliationKind.ON_ROLL in kinds
    may = [
        word
        for right, word in WORDS.items()
        if right in rights and (is_on_roll or right not in _ON_ROLL_ONLY)
    ]
    if not is_on_roll and Right.EDIT_MEMBERS in rights:
        may.append("姓名、身份证号、入党日期等由在册支部维护，不能改")
    if is_on_roll:
        may.append("查看党费：核算基数、应交和交纳情况")
    why = "、".join(sorted(AffiliationKind(kind).label for kind in kinds))
    if not is_known:
        return Reader(f"其他党组织的{role}", why, may)
    return Reader(f"{post.user}（{organization}，{role}）", why, may)
