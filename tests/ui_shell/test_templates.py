import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

BASE = Path(settings.BASE_DIR)
TEMPLATES = sorted((BASE / "templates").rglob("*.html"))
NAMES = [str(path.relative_to(BASE / "templates")) for path in TEMPLATES]
SPRITE = (BASE / "static/img/icons.svg").read_text(encoding="utf-8")
ICON_IDS = set(re.findall(r'<symbol id="([^"]+)"', SPRITE))

INLINE = re.compile(
    r"""<style\b|\sstyle\s*=|<script(?![^>]*\bsrc=)|\son[a-z]+\s*=|javascript:|https?://""",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name):
    get_template(name)


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_template_has_nothing_inline_and_no_other_host(path):
    found = INLINE.search(path.read_text(encoding="utf-8"))
    assert not found, found.group()


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_every_icon_named_in_a_template_is_in_the_sprite(path):
    source = path.read_text(encoding="utf-8")
    named = set(re.findall(r'\{% icon "([^"]+)"', source))
    named |= set(re.findall(r'icon_name="([^"]+)"', source))
    named |= set(re.findall(r'icon_name\|default:"([^"]+)"', source))
    assert named <= ICON_IDS


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "403_csrf"])
def test_error_page_renders_without_any_context(name):
    html = get_template(f"{name}.html").render()
    assert "返回首页" in html
    assert "非涉密系统" in html
