import pytest
from django.urls import reverse

from activities.models import Program
from tests.activities.test_services_programs import earned  # noqa: F401


def sent(program, **changes) -> dict:
    """What the form sends for a program as it stands, and three spare rows."""
    items = list(program.items.all())
    data = {
        "name": program.name,
        "audience": program.audience,
        "period": program.period,
        "valid_from": program.valid_from,
        "form-TOTAL_FORMS": len(items) + 3,
        "form-INITIAL_FORMS": len(items),
    }
    for number in range(len(items) + 3):
        item = items[number] if number < len(items) else None
        data[f"form-{number}-item_id"] = item.pk if item else ""
        data[f"form-{number}-name"] = item.name if item else ""
        data[f"form-{number}-required_count"] = item.required_count if item else 1
        data[f"form-{number}-unit"] = item.unit if item else "次"
    return data | changes


@pytest.fixture
def staff(client_for, committee_staff):
    return client_for(committee_staff)


def test_everybody_who_sees_members_may_read_the_programs(client_for, branch_secretary):
    page = client_for(branch_secretary).get(reverse("activities:program-list"))
    assert "订一份党报" in page.content.decode()
    assert "program-edit" not in page.content.decode()


@pytest.mark.parametrize("name", ["program-edit", "program-new-version"])
def test_only_staff_keep_programs(client_for, branch_secretary, five_ones, name):
    url = reverse(f"activities:{name}", args=[five_ones.pk])
    assert client_for(branch_secretary).get(url).status_code == 403


def test_an_item_is_added_in_a_spare_row(staff, five_ones):
    url = reverse("activities:program-edit", args=[five_ones.pk])
    data = sent(five_ones, **{"form-5-name": "结对帮扶一户"})
    assert staff.post(url, data).status_code == 302
    assert five_ones.items.count() == 6


def test_removing_an_earned_item_is_refused_in_chinese(staff, earned):  # noqa: F811
    url = reverse("activities:program-edit", args=[earned.pk])
    page = staff.post(url, sent(earned, **{"form-1-is_removed": "on"}))
    assert page.status_code == 422
    assert "已有完成记录，不能删除" in page.content.decode()


def test_a_program_is_created(staff):
    page = staff.get(reverse("activities:program-add"))
    assert page.status_code == 200
    data = sent(
        Program.objects.get(key="wu-ge-yi"),
        name="三亮",
        **{"form-0-name": "亮身份"},
    )
    data |= {f"form-{n}-item_id": "" for n in range(8)}
    staff.post(reverse("activities:program-add"), data)
    assert Program.objects.get(name="三亮").items.count() == 5


def test_a_new_version_is_made_from_its_page(staff, five_ones):
    url = reverse("activities:program-new-version", args=[five_ones.pk])
    start = staff.get(url).context["form"]["valid_from"].value()
    assert staff.post(url, {"valid_from": start}).status_code == 302
    assert Program.objects.of_line("wu-ge-yi").count() == 2
