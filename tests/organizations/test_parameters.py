"""What the committee may set: bounds, the page, the record."""

import pytest
from django.core.exceptions import PermissionDenied

from config.lib.errors import RuleError
from organizations import parameters
from organizations.choices import AuditAction
from organizations.forms.parameters import ParameterForm, initial_value
from organizations.models import AuditEvent
from organizations.parameters import ParameterSpec
from tests.conftest import login

BANDS = [["35岁及以下", None, 36], ["36至60岁", 36, 61], ["61岁及以上", 61, None]]


@pytest.fixture(autouse=True)
def specs(monkeypatch):
    """One parameter of each kind, and no others."""
    monkeypatch.setattr(parameters, "_specs", {})
    for kind, default, more in (
        ("integer", 10, {"minimum": 1, "maximum": 30, "unit": "天"}),
        ("decimal", 1.5, {"minimum": 0, "maximum": 5}),
        ("choice", "quarter", {"choices": (("quarter", "按季"), ("year", "按年"))}),
        ("list", ["优秀", "合格"], {}),
        ("bands", BANDS, {}),
    ):
        parameters.register(
            ParameterSpec(
                key=f"tests.{kind}",
                label=f"试{kind}项",
                kind=kind,
                default=default,
                source="本地规定",
                **more,
            )
        )


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", 0),
        ("integer", 31),
        ("integer", True),
        ("integer", "5"),
        ("decimal", 5.1),
        ("decimal", float("nan")),
        ("choice", "week"),
        ("list", []),
        ("list", ["优秀", "优秀"]),
        ("list", ["优秀", " "]),
        ("bands", []),
        ("bands", [["a", None, 30], ["b", 31, None]]),
        ("bands", [["a", 1, None]]),
    ],
)
def test_a_value_out_of_bounds_is_refused(kind, value):
    with pytest.raises(RuleError, match=f"试{kind}项"):
        parameters.validate(f"tests.{kind}", value)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("integer", "12", 12),
        ("decimal", "2.5", 2.5),
        ("choice", "year", "year"),
        ("list", " 好 \n\n中\r\n差", ["好", "中", "差"]),
        (
            "bands",
            "年轻\n中年, 40\n老年，60",
            [["年轻", None, 40], ["中年", 40, 60], ["老年", 60, None]],
        ),
    ],
)
def test_the_form_reads_each_kind(kind, typed, value):
    form = ParameterForm({"value": typed}, spec=parameters.spec(f"tests.{kind}"))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["value"] == value


@pytest.mark.parametrize("kind", ["list", "bands"])
def test_what_the_form_shows_it_reads_back(kind):
    spec = parameters.spec(f"tests.{kind}")
    form = ParameterForm({"value": initial_value(spec, spec.default)}, spec=spec)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["value"] == spec.default


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("年轻，1\n老", "第一段不写起始值"),
        ("年轻\n老，x", "第 2 行的起始值须是整数"),
        ("年轻\n中，60\n老，60", "第 3 行的起始值须大于"),
        ("年轻\n，60", "第 2 行缺少名称"),
    ],
)
def test_bands_that_do_not_follow_name_the_line(typed, message):
    form = ParameterForm({"value": typed}, spec=parameters.spec("tests.bands"))
    assert message in str(form.errors)


def test_a_change_is_kept_and_recorded(committee_staff):
    parameters.change(key="tests.integer", value=7, actor=committee_staff)
    assert parameters.get("tests.integer") == 7
    event = AuditEvent.objects.get(action=AuditAction.PARAMETER_CHANGED)
    assert event.details == {"key": "tests.integer", "before": 10, "after": 7}


def test_a_change_without_the_right_is_refused(branch_secretary):
    with pytest.raises(PermissionDenied):
        parameters.change(key="tests.integer", value=7, actor=branch_secretary)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("sysadmin", 200),
        ("committee_staff", 200),
        ("branch_secretary", 403),
        ("auditor", 403),
        ("outsider", 403),
    ],
)
def test_who_may_open_the_page(client, request, who, status):
    login(client, request.getfixturevalue(who))
    assert client.get("/organizations/parameters/").status_code == status
    address = "/organizations/parameters/tests.integer/"
    assert client.get(address).status_code == status


def test_the_page_shows_value_default_and_source(client, committee_staff):
    parameters.change(key="tests.integer", value=7, actor=committee_staff)
    login(client, committee_staff)
    page = client.get("/organizations/parameters/").content.decode()
    for text in ("7 天", "10 天", "本地规定", "优秀、合格", "按季"):
        assert text in page


def test_a_change_by_the_page(client, committee_staff):
    login(client, committee_staff)
    address = "/organizations/parameters/tests.choice/"
    assert client.post(address, {"value": "year"}).status_code == 302
    assert parameters.get("tests.choice") == "year"


def test_a_refused_change_shows_the_form_again(client, committee_staff):
    login(client, committee_staff)
    response = client.post("/organizations/parameters/tests.integer/", {"value": "99"})
    assert response.status_code == 422
    assert parameters.get("tests.integer") == 10


def test_an_unknown_parameter_is_not_there(client, committee_staff):
    login(client, committee_staff)
    response = client.get("/organizations/parameters/tests.nothing/")
    assert response.status_code == 404
