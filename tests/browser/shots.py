"""Take the handbook's pictures: python -m tests.browser.shots [NAME …] (not a test).

Starts a portal of its own on an empty data folder with demo data, so that nobody
real is ever in a picture, and writes docs/img/*.png.
"""

from __future__ import annotations

import io
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from config.lib.identity import check_character
from tests.browser.watch import CHROMIUM_ARGS, log_in, new_page
from tests.ops.processes import PYTHON, ROOT, free_port, started, wait_until

FOLDER = ROOT / "docs" / "img"
LARGEST = 150 * 1024
CHROMIUM = "/usr/bin/chromium"


def save(page: Page, name: str) -> None:
    """Save what the window shows with as many colours as the size allows."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(800)  # charts draw themselves in a moment
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    for colours in (256, 128, 64, 32):
        target = FOLDER / f"{name}.png"
        image.convert("RGB").quantize(colours).save(target, optimize=True)
        if target.stat().st_size <= LARGEST:
            return
    raise SystemExit(f"{name}.png is larger than {LARGEST} bytes")


def id_number(body: str) -> str:
    # 330199 was never given out as a region.
    return f"330199{body}" + check_character(f"330199{body}")


def roster(page: Page, folder: Path) -> None:
    book = Workbook()
    rows = [
        ("姓名", "性别", "公民身份号码", "民族", "入党日期", "转正日期", "手机号码"),
        ("雷新民", "男", id_number("19800304023"), "汉", "2005.07", "2006.07", ""),
        ("雷晓霞", "女", id_number("19760521024"), "满", "1999.06", "2000.06", ""),
        ("雷建国", "男", "33019919691009", "汉", "1995.07", "1996.07", ""),
    ]
    book.active.title = "党员"
    for row in rows:
        book.active.append(row)
    file = folder / "花名册.xlsx"
    book.save(file)
    page.goto("/members/roster/")
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="上传并识别").click()
    page.get_by_role("button", name="开始校验").click()
    page.get_by_text("共 3 行").wait_for(timeout=60_000)


def remarks(page: Page) -> None:
    page.goto("/liaison/periods/")
    page.get_by_role("row").filter(has_text="填写中").get_by_role("link").click()
    page.get_by_role("link", name="填写", exact=True).click()


def unit_year(page: Page) -> None:
    """The year of a unit that has everything: the one with its own rhythm."""
    first_link("/liaison/schedules/")(page)
    page.get_by_role("link", name="共建情况").click()
    page.get_by_role("heading", name="共建协议").wait_for()


def record(page: Page) -> None:
    page.goto("/activities/record/")
    page.get_by_text("全部到会", exact=True).click()
    page.locator(".record__part").nth(2).scroll_into_view_if_needed()


def board(page: Page) -> None:
    page.goto("/liaison/periods/")
    page.get_by_role("row").filter(has_text="材料已生成").first.get_by_role(
        "link"
    ).click()
    page.get_by_role("link", name="单位送达").click()


def first_link(address: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(address)
        page.locator(".data-table__main a").first.click()

    return go


def at(address: str) -> Callable[[Page], None]:
    return lambda page: page.goto(address) and None


def take(base: str, passwords: dict[str, str], work: Path) -> None:
    wanted: list[tuple[str, str, str, Callable[[Page], None]]] = [
        ("login", "", "desk", at("/account/login/")),
        ("home", "branch", "desk", at("/")),
        ("members", "branch", "desk", at("/members/")),
        ("member", "branch", "desk", first_link("/members/")),
        ("roster", "branch", "desk", lambda page: roster(page, work)),
        ("record", "branch", "phone", record),
        ("completion", "branch", "desk", at("/activities/completion/")),
        ("card", "branch", "desk", first_link("/liaison/cards/")),
        ("remarks", "branch", "desk", remarks),
        ("board", "street", "desk", board),
        ("transfers", "street", "desk", at("/members/transfers/?group=all")),
        ("quality", "street", "desk", at("/members/quality/")),
        ("mobile", "street", "desk", at("/members/mobile/")),
        ("duties", "branch", "desk", at("/activities/duties/")),
        ("calendar", "branch", "desk", at("/activities/calendar/")),
        ("visits", "community", "desk", at("/activities/visits/board/")),
        ("requests", "community", "desk", at("/activities/requests/")),
        ("review", "branch", "desk", at("/activities/reviews/")),
        ("agreement", "street", "desk", first_link("/liaison/agreements/")),
        ("unit", "street", "desk", unit_year),
        ("pairs", "street", "desk", at("/liaison/pairs/map/")),
        ("conference", "street", "desk", first_link("/liaison/conferences/")),
        ("exchanges", "street", "desk", at("/liaison/exchanges/")),
        ("teams", "street", "desk", at("/members/teams/")),
        ("room", "community", "desk", first_link("/organizations/rooms/")),
        ("funds", "community", "desk", first_link("/organizations/funds/")),
        ("coverage", "street", "desk", at("/members/coverage/")),
        ("registry", "street", "desk", first_link("/members/coverage/registry/")),
        ("matters", "street", "desk", at("/organizations/matters/")),
        ("instructor", "street", "desk", first_link("/members/instructors/")),
        ("mutual", "community", "desk", first_link("/members/mutual/")),
        ("map", "street", "desk", at("/organizations/map/")),
    ]
    if names := set(sys.argv[1:]):
        wanted = [each for each in wanted if each[0] in names]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*CHROMIUM_ARGS, "--lang=zh-CN"]
        )
        for name, user, width, go in wanted:
            page = new_page(browser, base, width)
            if user:
                log_in(page, user, passwords[user])
            go(page)
            save(page, name)
            page.context.close()
        browser.close()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="portal-shots-") as name:
        folder, port = Path(name), free_port()
        output = folder / "out"
        environ = {"PORTAL_VAR": str(folder / "var"), "PORT": str(port)}
        with started([PYTHON, "manage.py", "portal"], output, **environ) as portal:
            wait_until(lambda: "门户已启动" in output.read_text(), 180)
            told = output.read_text()
            found = re.findall(r"^  (\w+) +([a-z0-9-]{20,}) ", told, re.M)
            take(f"http://127.0.0.1:{port}", dict(found), folder)
            portal.terminate()
            portal.wait(30)


if __name__ == "__main__":
    main()
