"""The compiled catalogues say what their sources say."""

import gettext
import re
from pathlib import Path

import pytest
from django.utils.translation import gettext as _
from django.utils.translation import override

FOLDER = Path(__file__).resolve().parent.parent / "locale" / "zh_Hans" / "LC_MESSAGES"
ENTRY = re.compile(
    r'^msgid "(.+)"\n(?:msgid_plural "(.+)"\n)?msgstr(?:\[0\])? "(.+)"', re.M
)


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_compiled_catalogue_holds_every_entry(domain):
    source = (FOLDER / f"{domain}.po").read_text()
    with (FOLDER / f"{domain}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    entries = ENTRY.findall(source)
    assert len(entries) > 5
    for english, plural, chinese in entries:
        key = english.replace('\\"', '"')
        found = compiled.ngettext(key, plural, 1) if plural else compiled.gettext(key)
        assert found == chinese


def test_the_admin_speaks_chinese():
    with override("zh-hans"):
        assert _("Model name") == "名称"
