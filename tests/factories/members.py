"""Synthetic members, deterministic; nobody here exists.

    member = MemberFactory(branch=branch_a1, name="雷芳")
    AffiliationFactory(member=member, organization=community_b, kind="co_managed")

`branch` starts an open on-roll affiliation; leave it out for a person without one.
"""

from datetime import date

import factory

from config.lib.crypto import blind_index
from config.lib.identity import check_character
from config.lib.names import initials, pinyin
from members.choices import AffiliationKind, StartReason
from members.models import Affiliation, DuplicateClaim, Member, Talent

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏"
GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超霞平刚桂英文辉玲建国红"


def synthetic_id_number(
    born_on: date = date(1980, 1, 1), serial: int = 1, sex: str = "male"
) -> str:
    """Return a number that passes every check; region 330199 was never given out."""
    # The serial carries on into the region, so that a thousand and more stay unique.
    region = 330100 + 99 - (serial // 500) % 90
    order = (serial % 500) * 2 + (1 if sex == "male" else 0)
    body = f"{region}{born_on:%Y%m%d}{order:03d}"
    return body + check_character(body)


def synthetic_name(number: int) -> str:
    given = GIVEN[number // len(SURNAMES) % len(GIVEN)]
    second = GIVEN[number * 7 % len(GIVEN)] if number % 3 else ""
    return SURNAMES[number % len(SURNAMES)] + given + second


class TalentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Talent
        django_get_or_create = ("name",)

    name = factory.Sequence(lambda n: f"特长{n + 1}")
    sort_order = factory.Sequence(lambda n: n + 1)


class MemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Member
        skip_postgeneration_save = True

    class Params:
        serial = factory.Sequence(lambda n: n + 1)

    name = factory.LazyAttribute(lambda o: synthetic_name(o.serial))
    name_pinyin = factory.LazyAttribute(lambda o: pinyin(o.name))
    name_initials = factory.LazyAttribute(lambda o: initials(o.name)[:20])
    sex = factory.LazyAttribute(lambda o: "male" if o.serial % 2 else "female")
    ethnicity = "Han"
    born_on = factory.LazyAttribute(
        lambda o: date(1950 + o.serial % 45, o.serial % 12 + 1, o.serial % 28 + 1)
    )
    id_number = factory.LazyAttribute(
        lambda o: synthetic_id_number(o.born_on, o.serial, o.sex)
    )
    id_index = factory.LazyAttribute(
        lambda o: blind_index(o.id_number, purpose="members.id_number")
    )
    id_last4 = factory.LazyAttribute(lambda o: o.id_number[-4:])
    education = "bachelor"
    category = Member.Category.IN_POST
    member_type = Member.Type.FULL
    status = Member.Status.NORMAL
    joined_on = factory.LazyAttribute(lambda o: date(o.born_on.year + 25, 7, 1))
    confirmed_on = factory.LazyAttribute(
        lambda o: (
            date(o.joined_on.year + 1, 7, 1)
            if o.member_type == Member.Type.FULL
            else None
        )
    )
    phone = factory.LazyAttribute(lambda o: f"1390000{o.serial % 10000:04d}")
    address = factory.LazyAttribute(lambda o: f"江滨街道滨江路{o.serial}号")

    @factory.post_generation
    def branch(self, create, extracted, **kwargs):
        if create and extracted is not None:
            AffiliationFactory(member=self, organization=extracted, **kwargs)

    @factory.post_generation
    def talents(self, create, extracted, **kwargs):
        if create and extracted:
            self.talents.set(extracted)


class AffiliationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Affiliation

    member = factory.SubFactory(MemberFactory)
    kind = AffiliationKind.ON_ROLL
    starts_on = date(2020, 1, 1)
    start_reason = factory.LazyAttribute(
        lambda o: {
            AffiliationKind.ON_ROLL: StartReason.REGISTERED,
            AffiliationKind.CO_MANAGED: StartReason.REPORTED_IN,
            AffiliationKind.MOBILE_IN: StartReason.FLOWED_IN,
        }[o.kind]
    )


class DuplicateClaimFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DuplicateClaim

    member = factory.SubFactory(MemberFactory)
    kind = AffiliationKind.ON_ROLL
