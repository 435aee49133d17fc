"""The demo's street: its organizations, places, employers and accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from organizations.choices import Role
from organizations.models import Community, Organization, User, WorkUnit
from organizations.services.accounts import create_account
from organizations.services.communities import BuildingLine, save_community
from organizations.services.posts import grant_post
from organizations.services.structure import create_organization
from organizations.services.work_units import create_work_unit
from organizations.system import SystemActor
from reports.demo.vocabulary import COMMUNITIES, ORDINALS, ROADS, WORK_UNITS

FOUNDED = date(2010, 7, 1)


@dataclass(frozen=True)
class Account:
    """One demo account with the password that is shown once."""

    username: str
    password: str
    role: str
    place: str


@dataclass
class Street:
    root: Organization
    communities: list[Community]
    branches: list[Organization]
    units: list[WorkUnit]


def build_street(today: date) -> Street:
    """Make a tree of 6 communities and 18 branches."""
    actor = SystemActor()
    year_end = date(today.year, 12, 31)
    root = create_organization(
        parent_id=None,
        name="中共江滨街道工作委员会",
        short_name="江滨街道党工委",
        kind="work_committee",
        field="street_office",
        founded_on=FOUNDED,
        term_ends_on=year_end,
        unit_situation="legal_entity",
        contact_name="党建办",
        contact_phone="0600-60000001",
        fax="0600-60000002",
        address="江滨街道滨江路1号",
        postcode="132000",
        actor=actor,
    )
    communities, branches = [], []
    for place in COMMUNITIES:
        committee = create_organization(
            parent_id=root.pk,
            name=f"中共{place}社区委员会",
            short_name=f"{place}社区党委",
            kind="committee",
            field="community",
            founded_on=FOUNDED,
            term_ends_on=year_end,
            unit_situation="legal_entity",
            actor=actor,
        )
        community = Community.objects.get(organization=committee)
        communities.append(_with_buildings(community, actor))
        branches += [
            create_organization(
                parent_id=committee.pk,
                name=f"中共{place}社区{ordinal}支部委员会",
                short_name=f"{place}社区{ordinal}支部",
                kind="branch",
                field="community",
                founded_on=FOUNDED,
                term_ends_on=year_end,
                unit_situation="same_as_parent",
                actor=actor,
            )
            for ordinal in ORDINALS
        ]
    return Street(root, communities, branches, _units(communities, actor))


def _with_buildings(community: Community, actor: SystemActor) -> Community:
    lines = [
        BuildingLine(f"{number}号楼", f"第{(number + 3) // 4}网格")
        for number in range(1, 13)
    ]
    return save_community(
        community_id=community.pk,
        organization_id=community.organization_id,
        name=community.name,
        address=f"江滨街道{_road(community)}1号",
        grid_count=3,
        buildings=lines,
        actor=actor,
    )


def _units(communities: list[Community], actor: SystemActor) -> list[WorkUnit]:
    units = []
    for number, (name, kind, industry, party, channel) in enumerate(WORK_UNITS):
        units.append(
            create_work_unit(
                name=name,
                kind=kind,
                industry=industry,
                is_resident=number % 3 != 2,
                community=(home := communities[number % len(communities)]),
                address=_address(home, number),
                party_organization_name=party,
                contact_name=f"{'张王李赵'[number % 4]}干事",
                contact_email=f"unit{number + 1}@example.invalid"
                if channel == "email"
                else "",
                feedback_channel=channel,
                actor=actor,
            )
        )
    return units


def _road(community: Community) -> str:
    """The road a community lies on; two neighbours share one."""
    return ROADS[COMMUNITIES.index(community.name.removesuffix("社区")) // 2]


def _address(community: Community, number: int) -> str:
    """On the community's road, or at one of its buildings."""
    if number % 2:
        return f"江滨街道{community.name}{number % 12 + 1}号楼"
    return f"江滨街道{_road(community)}{number + 10}号"


def build_accounts(street: Street, today: date) -> list[Account]:
    """One account a role; the secretary's branch and community are the first ones."""
    community, branch = street.communities[0], street.branches[0]
    wanted = (
        ("admin", "何管理", Role.SYSTEM_ADMINISTRATOR, street.root, None),
        ("street", "许工作", Role.COMMITTEE_STAFF, street.root, None),
        ("community", "江书记", Role.COMMUNITY_SECRETARY, community.organization, None),
        ("branch", "陈书记", Role.BRANCH_SECRETARY, branch, None),
        ("auditor", "沈审计", Role.AUDITOR, street.root, None),
        ("unit", "张干事", Role.UNIT_CONTACT, None, street.units[6]),
        ("hardship", "匡专干", Role.HARDSHIP_OFFICER, street.root, None),
    )
    return [_account(*row, today=today) for row in wanted]


def _account(
    username: str,
    display_name: str,
    role: str,
    organization: Organization | None,
    unit: WorkUnit | None,
    *,
    today: date,
) -> Account:
    actor = SystemActor()
    user, password = create_account(
        username=username, display_name=display_name, actor=actor
    )
    # The password is random and shown once already: a demo starts at once.
    User.objects.filter(pk=user.pk).update(must_change_password=False)
    grant_post(
        user_id=user.pk,
        role=role,
        organization_id=organization.pk if organization else None,
        work_unit_id=unit.pk if unit else None,
        starts_on=date(today.year - 1, 1, 1),
        actor=actor,
    )
    place = organization.short_name if organization else unit.name if unit else ""
    return Account(username, password, str(Role(role).label), place)
