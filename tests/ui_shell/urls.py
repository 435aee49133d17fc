"""URLs of the shell's own tests: every component and every door, with no database."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path

from config.lib import views

KITCHEN_SINK = Path(__file__).parent / "templates" / "kitchen_sink.html"


class FilterForm(forms.Form):
    q = forms.CharField(
        label="查找",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "姓名、拼音、首字母、证号后四位"}),
    )
    category = forms.ChoiceField(
        label="类别", choices=[("", "全部"), ("a", "在职")], required=False
    )
    branch = forms.ChoiceField(
        label="支部", choices=[("", "全部"), ("b", "和平社区第一支部")], required=False
    )


class ActivityForm(forms.Form):
    title = forms.CharField(label="活动名称", help_text="例如：十月主题党日")
    held_on = forms.DateField(label="日期", initial=date(2026, 10, 5))
    hours = forms.DecimalField(label="时长（小时）", required=False)
    people = forms.IntegerField(label="人数", required=False)
    kind = forms.ChoiceField(
        label="类型",
        choices=[("a", "主题党日"), ("b", "志愿服务"), ("c", "党课")],
        widget=forms.RadioSelect,
    )
    branch = forms.ChoiceField(
        label="支部",
        choices=[("a", "和平社区第一支部"), ("b", "滨河社区支部")],
        widget=forms.Select(attrs={"data-picker": ""}),
    )
    is_open = forms.BooleanField(label="邀请在职党员参加", required=False)
    password = forms.CharField(label="口令", widget=forms.PasswordInput)
    photo = forms.FileField(label="照片", required=False)
    note = forms.CharField(label="小结", widget=forms.Textarea, required=False)


class LoginForm(forms.Form):
    username = forms.CharField(label="用户名")
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


def _member(name: str, initials: str, category: str, tone: str, done: int) -> dict:
    return {
        "name": name,
        "initials": initials,
        "category": category,
        "tone": tone,
        "done": done,
        "hours": done * 6,
        "joined_on": date(1991 + done, 7, 1),
        "branch": "和平社区第一党支部",
    }


CONTEXT = {
    "breadcrumbs": [("工作台", "/"), ("和平社区", "/"), ("党员名册", "")],
    "tiles": [
        {"label": "党员总数", "value": 612, "unit": "人", "url": "#all"},
        {"label": "在职党员", "value": 238, "unit": "人", "url": "#in-post"},
        {"label": "本月活动", "value": 17, "unit": "次", "hint": "比上月多 3 次"},
        {"label": "未反馈单位", "value": 4, "unit": "家", "url": "#u", "tone": "bad"},
    ],
    "tabs": [
        {"label": "全部", "url": "?", "is_current": True, "count": 612},
        {"label": "在职", "url": "?c=1", "count": 238},
        {"label": "流动", "url": "?c=2", "count": 41},
    ],
    "members": [
        _member("陈示例", "csl", "在职", "info", 3),
        _member("林样本", "lyb", "离退休", "mute", 5),
        _member("欧阳虚构", "oyxg", "流动", "warn", 1),
        _member("赵演示", "zys", "预备党员", "gold", 0),
    ],
    "chart_bar": {
        "kind": "bar",
        "unit": "人",
        "categories": ["和平一支部", "和平二支部", "滨河支部", "机关支部", "两新支部"],
        "series": [
            {"name": "在职", "data": [18, 25, 31, 12, 9]},
            {"name": "离退休", "data": [32, 21, 17, 8, 2]},
        ],
    },
    "chart_pie": {
        "kind": "pie",
        "unit": "人",
        "categories": ["在职", "流动", "下岗失业", "离退休", "其他"],
        "series": [{"name": "人数", "data": [238, 41, 36, 268, 29]}],
    },
    "facts": [
        ("姓名", "陈示例"),
        ("身份证号", "4****************X"),
        ("入党日期", "1994年7月1日"),
        ("工作单位", "江滨市虚构供水有限公司"),
        ("联系电话", "138****0000"),
        ("特长", ""),
    ],
    "headings": ["单位", "发送日期", "回执"],
    "rows": [
        ["江滨市虚构供水有限公司", "2026年10月8日", "已确认"],
        ["江滨市样本小学", "2026年10月8日", None],
    ],
}


def _stub_user() -> SimpleNamespace:
    return SimpleNamespace(
        is_authenticated=True,
        get_full_name=lambda: "王书记",
        get_username=lambda: "wang",
        has_right=lambda right: right != "forbidden",
    )


@login_not_required
def kitchen_sink(request: HttpRequest) -> HttpResponse:
    request.user = _stub_user()
    messages.success(request, "已保存：十月主题党日，到场 23 人。")
    messages.warning(request, "有 2 名党员的电话号码为空。")
    form = ActivityForm({"held_on": "2026-13-40"}) if "bad" in request.GET else None
    context = CONTEXT | {
        "user": request.user,
        "form": form or ActivityForm(),
        "filter_form": FilterForm(request.GET),
    }
    source = KITCHEN_SINK.read_text(encoding="utf-8")
    template = engines["django"].from_string(source)
    return HttpResponse(template.render(context, request))


@login_not_required
def confirm(request: HttpRequest) -> HttpResponse:
    request.user = _stub_user()
    context = {
        "user": request.user,
        "title": "撤销导入",
        "question": "确认撤销“十月名册”的导入？",
        "facts": [("导入时间", "2026年10月5日 09:30"), ("人数", "34")],
        "consequences": ["新增的 30 人将移出名册", "改动的 4 人恢复原值"],
        "confirm_label": "撤销导入",
        "cancel_url": "/",
        "is_danger": True,
        "breadcrumbs": [("工作台", "/"), ("撤销导入", "")],
    }
    return render(request, "confirm.html", context)


@login_not_required
def door(request: HttpRequest, name: str) -> HttpResponse:
    form = LoginForm({"username": "secretary"}) if "bad" in request.GET else LoginForm()
    context = {
        "form": form,
        "secret": "JBSWY3DPEHPK3PXP",
        "qr_data_uri": "data:image/svg+xml;utf8,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E",
    }
    status = 422 if form.errors else 200
    return render(request, f"registration/{name}.html", context, status=status)


@login_not_required
def error_page(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"{name}.html")


urlpatterns = [
    path("", kitchen_sink, name="home"),
    path("calendar/", kitchen_sink, name="calendar"),
    path("confirm/", confirm, name="confirm"),
    path("door/<str:name>/", door, name="door"),
    path("error/<str:name>/", error_page, name="error"),
    path("login/", door, {"name": "login"}, name="login"),
    path("logout/", kitchen_sink, name="logout"),
    path("password/", kitchen_sink, name="password-change"),
    path("preferences/big-type/", views.toggle_big_type, name="big-type"),
    path("admin/login/", views.admin_login),
]
