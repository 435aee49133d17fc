"""How django-import-export reads the same roster, with its defaults."""

from import_export import resources
from import_export.fields import Field
from import_export.widgets import CharWidget, DateWidget, ForeignKeyWidget

from tests.bench.peer.models import Branch, Member, Unit
from tests.bench.people import HEADINGS

_DATES = {"born_on", "joined_on", "confirmed_on", "lost_since"}


def _field(name: str, heading: str) -> Field:
    if name == "branch":
        widget = ForeignKeyWidget(Branch, "name")
    elif name == "home_unit":
        widget = ForeignKeyWidget(Unit, "name")
    elif name in _DATES:
        widget = DateWidget("%Y-%m-%d")
    else:
        # As ModelResource makes its own for a CharField.
        widget = CharWidget(coerce_to_string=True, allow_blank=True)
    return Field(attribute=name, column_name=heading, widget=widget)


class MemberResource(resources.ModelResource):
    for _name, _heading in HEADINGS.items():
        locals()[_name] = _field(_name, _heading)

    class Meta:
        model = Member
        import_id_fields = ["id_number"]
        fields = tuple(HEADINGS)
