"""Lost contact and decisions of the demo street, and whom nobody has met for long."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from activities.choices import Presence
from activities.models import Participation
from config.lib.dates import SHANGHAI, months_after
from members.choices import Category, EndReason, MembershipStatus
from members.choices.standing import (
    DecisionGround,
    DecisionKind,
    DecisionState,
    LostReason,
    LostState,
    SearchWay,
)
from members.models import (
    Affiliation,
    Contact,
    LostCase,
    Member,
    MembershipDecision,
    SearchStep,
)
from members.services.out_of_touch import note_out_of_touch
from organizations.models import User
from reports.demo.people import Person
from reports.demo.street import Street
from reports.demo.transfers import stays

_TRIED = (
    (SearchWay.PHONE, "登记的号码已停机，微信没有回复"),
    (SearchWay.FAMILY, "联系其兄，称在外地务工，近一年没有回家"),
    (SearchWay.HOME_VILLAGE, "户籍地村委会答复未见本人返回"),
    (SearchWay.POLICE, "社区民警核查，本地没有居住登记"),
)
_SILENT_MONTHS = (5, 5, 5, 8, 8)


def make_standing(
    street: Street, people: list[Person], writer: User, today: date
) -> None:
    """Cases at every stage, proposals that wait, somebody who left, every death."""
    staff = User.objects.get(username="street")
    maker = _Maker(street, people, writer, staff, today)
    maker.lost(0, months=7, tried=2)
    waiting = maker.lost(1, months=9, tried=4)
    maker.propose(waiting.member, 1, DecisionKind.SUSPENSION, waiting)
    maker.long_suspended(2)
    maker.found(3)
    maker.propose(maker.pick(0), 0, DecisionKind.PERSUADED_OUT)
    maker.withdrawn(4)
    maker.deaths()
    maker.silent()


class _Maker:
    def __init__(
        self,
        street: Street,
        people: list[Person],
        writer: User,
        staff: User,
        today: date,
    ) -> None:
        self.street, self.people = street, people
        self.writer, self.staff, self.today = writer, staff, today
        self.taken: set[int] = set()

    def pick(self, place: int) -> Member:
        """Somebody of a branch of whom no other part of the demo tells."""
        branch = self.street.branches[place]
        for person in reversed(stays(self.people, branch)):
            member = person.member
            if member.pk not in self.taken and member.member_type == "full":
                self.taken.add(member.pk)
                return member
        raise LookupError(branch)

    def lost(
        self,
        place: int,
        *,
        months: int,
        tried: int,
        state: LostState = LostState.SEARCHING,
    ) -> LostCase:
        member = self.pick(place)
        since = months_after(self.today, -months)
        opened_on = months_after(since, 5)
        case = LostCase.objects.create(
            member=member,
            organization=self.street.branches[place],
            since=since,
            reason=LostReason.WORK_AWAY,
            circumstances="最后一次参加支部主题党日后外出务工",
            state=state,
            opened_on=opened_on,
            opened_by=self.writer,
        )
        SearchStep.objects.bulk_create(
            SearchStep(
                case=case,
                taken_on=opened_on + timedelta(days=3 * number),
                way=way,
                result=result,
                recorded_by=self.writer,
            )
            for number, (way, result) in enumerate(_TRIED[:tried])
        )
        member.is_lost, member.lost_since = True, since
        member.save(update_fields=["is_lost", "lost_since"])
        return case

    def propose(
        self,
        member: Member,
        place: int,
        kind: DecisionKind,
        case: LostCase | None = None,
        **values: object,
    ) -> MembershipDecision:
        return MembershipDecision.objects.create(
            member=member,
            organization=self.street.branches[place],
            case=case,
            kind=kind,
            ground=DecisionGround.LOST if case else "",
            facts="支部大会讨论同意，详见会议记录",
            status_before=MembershipStatus.NORMAL,
            proposed_by=self.writer,
            **{"meeting_on": self.today - timedelta(days=5)} | values,
        )

    def approved(self, day: date, number: int) -> dict[str, object]:
        return {
            "state": DecisionState.APPROVED,
            "meeting_on": day - timedelta(days=12),
            "decided_on": day,
            "document_number": f"江滨委\u3014{day.year}\u3015{number}号",
            "settled_by": self.staff,
            "settled_at": datetime.combine(day, time(10), tzinfo=SHANGHAI),
        }

    def long_suspended(self, place: int) -> None:
        """Suspended more than two years ago: the removal is due."""
        case = self.lost(place, months=35, tried=4, state=LostState.SUSPENDED)
        day = months_after(self.today, -26)
        self.propose(
            *(case.member, place, DecisionKind.SUSPENSION, case),
            **self.approved(day, 7),
        )
        self._give(case.member, MembershipStatus.SUSPENDED)

    def found(self, place: int) -> None:
        case = self.lost(place, months=8, tried=3)
        case.state, case.closing = LostState.FOUND, "春节返乡时取得联系，已恢复参加活动"
        case.closed_on = self.today - timedelta(days=25)
        case.save()
        case.member.is_lost, case.member.lost_since = False, None
        case.member.save(update_fields=["is_lost", "lost_since"])

    def withdrawn(self, place: int) -> None:
        """Somebody who asked to leave, two months ago."""
        member, day = self.pick(place), months_after(self.today, -2)
        self.propose(
            *(member, place, DecisionKind.WITHDRAWAL), **self.approved(day, 12)
        )
        Affiliation.objects.filter(member=member, ends_on__isnull=True).update(
            ends_on=day, end_reason=EndReason.REMOVED, note="退党除名"
        )
        self._give(member, MembershipStatus.WITHDREW)

    def _give(self, member: Member, status: MembershipStatus) -> None:
        member.status = status
        member.save(update_fields=["status"])

    def deaths(self) -> None:
        """The book also holds the deaths of the year."""
        MembershipDecision.objects.bulk_create(
            MembershipDecision(
                member=person.member,
                organization=person.branch,
                kind=DecisionKind.DEATH,
                state=DecisionState.APPROVED,
                decided_on=person.ends_on,
                status_before=MembershipStatus.NORMAL,
                proposed_by=self.writer,
                settled_by=self.writer,
            )
            for person in self.people
            if person.end_reason == EndReason.DECEASED
        )

    def silent(self) -> None:
        """A few whom nobody has met for months, two of them of the first branch."""
        own, *others = self.street.branches
        places = [own, own, *others[4:7]]
        for place, months in zip(places, _SILENT_MONTHS, strict=True):
            person = next(
                person
                for person in reversed(stays(self.people, place))
                # Whose doings count towards no program.
                if person.member.category in {Category.RETIRED, Category.OTHER}
                and person.member.pk not in self.taken
            )
            self.taken.add(person.member.pk)
            self._leave_alone(person.member, months_after(self.today, -months))
        note_out_of_touch(self.today)

    def _leave_alone(self, member: Member, day: date) -> None:
        known_at = datetime.combine(day, time(9), tzinfo=SHANGHAI)
        Member.objects.filter(pk=member.pk).update(created_at=known_at)
        Contact.objects.filter(member=member, contacted_on__gt=day).delete()
        Participation.objects.filter(member=member, activity__held_on__gt=day).update(
            presence=Presence.ABSENT, hours=Decimal(0)
        )
