"""What the committee may set."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from organizations import parameters
from organizations.access import Right
from organizations.forms.parameters import ParameterForm, initial_value, shown_value
from organizations.models import Parameter


def _require_right(request: HttpRequest) -> None:
    if not request.user.has_right(Right.MANAGE_PARAMETERS):
        raise PermissionDenied("您的岗位没有修改参数的权限，请联系街道工作人员。")


@require_GET
def parameter_list(request: HttpRequest) -> HttpResponse:
    """List every parameter with its value, default and source."""
    _require_right(request)
    stored = Parameter.objects.in_bulk()
    rows = []
    for spec in parameters.specs():
        changed = stored.get(spec.key)
        value = spec.default if changed is None else changed.value
        rows.append(
            {
                "spec": spec,
                "value": shown_value(spec, value),
                "default": shown_value(spec, spec.default),
                "changed": changed,
                "url": reverse(
                    "organizations:parameter-edit", args=spec.key.split(".", 1)
                ),
            }
        )
    return render(request, "organizations/parameter_list.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def parameter_edit(request: HttpRequest, app: str, name: str) -> HttpResponse:
    _require_right(request)
    try:
        spec = parameters.spec(f"{app}.{name}")
    except KeyError as error:
        raise Http404 from error
    initial = {"value": initial_value(spec, parameters.get(spec.key))}
    form = ParameterForm(request.POST or None, spec=spec, initial=initial)
    if request.method == "POST" and form.is_valid():
        value = form.cleaned_data["value"]
        parameters.change(key=spec.key, value=value, actor=request.user)
        messages.success(request, f"“{spec.label}”已修改。")
        return redirect("organizations:parameters")
    context = {
        "form": form,
        "spec": spec,
        "default": shown_value(spec, spec.default),
        "cancel_url": reverse("organizations:parameters"),
        "breadcrumbs": [
            ("参数设置", reverse("organizations:parameters")),
            (spec.label, ""),
        ],
    }
    status = 422 if form.errors else 200
    return render(request, "organizations/parameter_form.html", context, status=status)
