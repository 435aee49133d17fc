"""What every page must be: Chinese, within its width, without axe's complaints."""

from __future__ import annotations

import re
from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.crawl import look_of, walk
from tests.browser.watch import WIDTHS

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# Axe is read into a page once, and answers with what it found wrong only: what
# passed is a hundred times longer, and its way here was a part of the walks' time.
_AXE = f"window.axe || (() => {{\n{Axe().axe_script}\n}})(), true"
_RUN = "(options) => axe.run(options).then((found) => found.violations)"

# Latin words a Chinese office reads, and why each may stand on a page.
ALLOWED = {
    "names of programs and formats": "Excel WPS xls xlsx XLS CSV csv PDF jpg png MB KB"
    " geojson json",
    "as on the phone's screen": "TOTP QR",
    "the national standards": "GB",
    "keys of the keyboard": "Ctrl Control Command Mac",
    "names of settings, in the admin's sources": "URL SMTP",
}
_ALLOWED = {word for words in ALLOWED.values() for word in words.split()}
# Accounts of the demo, codes of organizations and cards, periods, mail addresses,
# unified credit codes.
_CODES = re.compile(
    r"[\w.+-]+@[\w.-]+"
    r"|\b[A-Z]{1,4}[0-9][\w-]*"
    r"|\b\d{4}[QHY]\d?\b"
    r"|\b[0-9a-f-]{12,}\b"
    r"|\b[0-9A-Z]{18}\b"
)
_WORD = re.compile(r"[A-Za-z]{2,}")

_TEXT = """() => {
  const texts = [document.title];
  const root = document.documentElement;
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  // A key for a phone, and the address of a link, are to be copied.
  const skipped = "script, style, template, noscript, code, .link-box";
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest(skipped)) texts.push(node.data);
  }
  for (const name of ["title", "alt", "aria-label", "placeholder", "label"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      texts.push(element.getAttribute(name));
    }
  }
  const buttons = "input[type=submit], input[type=button]";
  for (const button of document.querySelectorAll(buttons)) {
    texts.push(button.value);
  }
  return texts.filter((text) => /[A-Za-z]{2}/.test(text)).map((text) => text.trim());
}"""


def english_words(page: Page, names: set[str]) -> set[str]:
    """Return the Latin words of a page that are neither allowed nor `names`."""
    found = set()
    for text in page.evaluate(_TEXT):
        words = _WORD.findall(_CODES.sub(" ", text))
        found |= {word for word in words if word not in _ALLOWED | names}
    return found


def overflow(page: Page) -> str:
    """Return what sticks out of the page to the right, "" when nothing does."""
    return page.evaluate(
        """() => {
          const wide = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= wide) return "";
          const out = [...document.body.querySelectorAll("*")].filter((element) => {
            const box = element.getBoundingClientRect();
            return box.width > 0 && box.right > wide + 1;
          });
          const named = out.slice(0, 5).map((e) => `${e.tagName}.${e.className}`);
          return `${document.documentElement.scrollWidth} px: ${named.join(" ")}`;
        }"""
    )


def axe_violations(page: Page) -> list[str]:
    """Return axe's violations of WCAG 2.1 A and AA, one line each."""
    only = {"type": "tag", "values": TAGS}
    # Preloading copies style sheets into style elements, which the CSP refuses.
    options = {"runOnly": only, "resultTypes": ["violations"], "preload": False}
    page.evaluate(_AXE)
    found = page.evaluate(_RUN, options)
    return [
        f"{each['id']} ({each['help']}): "
        + "; ".join(node["html"][:160] for node in each["nodes"][:3])
        for each in found
    ]


def faults(page: Page, names: set[str], *, with_axe: bool = True) -> list[str]:
    """Return everything wrong with the page that is open, at both widths."""
    found = []
    # A page may be asked before its style sheets are there, and be wider then.
    page.wait_for_load_state("load")
    if words := english_words(page, names):
        found.append(f"English: {sorted(words)}")
    for width, size in WIDTHS.items():
        page.set_viewport_size(size)
        if sticking := overflow(page):
            found.append(f"{width} overflows: {sticking}")
        if with_axe:
            found += [f"{width}: {violation}" for violation in axe_violations(page)]
    return found


def faults_of_walk(
    page: Page,
    start: str,
    names: set[str],
    looks: set[str],
    is_wanted: Callable[[str], bool] = lambda url: True,
) -> dict[str, list[str]]:
    """Walk from `start`; return the faults by kind of page.

    Looks already in `looks` are not given to axe again; new ones are added.
    """
    found: dict[str, list[str]] = {}

    def visit(kind: str) -> None:
        look = look_of(kind)
        if wrong := faults(page, names, with_axe=look not in looks):
            found[kind] = wrong
        looks.add(look)

    walk(page, [start], visit, is_wanted)
    return found


def told(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{kind}\n    " + "\n    ".join(f) for kind, f in found.items())
