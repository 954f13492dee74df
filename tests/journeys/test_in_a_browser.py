"""A person's path in a real browser."""

import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from ringfence.cli import main
from ringfence.press import phrases

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: make setup-dev")
    if not Path(CHROMIUM).is_file():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    assert main(["demo", "--out", str(folder)]) == 0
    english = (folder / "report.html").read_text(encoding="utf-8")
    (folder / "report-fr.html").write_text(phrases("fr").page(english), encoding="utf-8")
    return folder


def test_the_timeline_is_put_in_order_picked_through_and_enlarged_without_a_script(browser, out):
    view = browser.new_page(viewport={"width": 1280, "height": 900})
    view.goto((out / "report.html").as_uri())

    def rows():
        """The patients of the first group from top to bottom."""
        return view.evaluate(
            """() => [...document.querySelectorAll('.timeline .row')].slice(0, 8)
                 .map(g => [g.getBoundingClientRect().top, g.querySelector('text').textContent])
                 .sort((a, b) => a[0] - b[0]).map(pair => pair[1])"""
        )

    def pale():
        return view.evaluate(
            """() => [...document.querySelectorAll('.timeline .bar')].filter(b => getComputedStyle(b).opacity < 0.5)
                 .map(b => b.querySelector('title').textContent)"""
        )

    first = rows()
    assert first[0] == "TEST-008", "the earliest first positive"
    view.check("#sort-ward")
    assert rows() != first
    assert sorted(rows()) == sorted(first)
    assert pale() == []
    view.check("#ward-1")
    view.wait_for_timeout(400)
    assert pale()
    assert not any(": 3W, " in about for about in pale())
    before = view.locator(".choosing .timeline svg").bounding_box()["width"]
    view.check("#zoom-200")
    assert view.locator(".choosing .timeline svg").bounding_box()["width"] > 1.5 * before
    assert view.evaluate("document.documentElement.scrollWidth") <= 1280
    view.locator("summary").click()
    assert "TEST-008" in view.locator("details table").inner_text()
    view.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("page", ["report.html", "report-fr.html", "sheet-carrier.html"])
def test_a_page_keeps_nobody_out(browser, out, width, page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed: make setup-dev")
    view = browser.new_page(viewport={"width": width, "height": 900})
    view.goto((out / page).as_uri())
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = axe.Axe().run(view, options=rules).response
    assert len(found["passes"]) > 10
    assert [(one["id"], len(one["nodes"])) for one in found["violations"]] == []
    view.close()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("page", ["report.html", "report-fr.html", "sheet-carrier.html"])
def test_a_page_fits_its_window_and_asks_nobody_for_anything(browser, out, width, page):
    view = browser.new_page(viewport={"width": width, "height": 900})
    asked, complaints = [], []
    view.on("request", lambda request: asked.append(request.url))
    view.on("console", lambda message: complaints.append(message.text))
    view.goto((out / page).as_uri())
    assert view.evaluate("document.documentElement.scrollWidth") <= width
    assert asked == [(out / page).as_uri()]
    assert complaints == []
    assert view.locator("h1").count() == 1
    view.close()


def test_every_link_of_the_report_leads_to_a_place_in_it(browser, out):
    view = browser.new_page()
    view.goto((out / "report.html").as_uri())
    targets = view.eval_on_selector_all("nav a", "links => links.map(a => a.getAttribute('href'))")
    assert len(targets) >= 7
    assert [t for t in targets if view.locator(t).count() != 1] == []
    view.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(out):
    pytest.importorskip("django", reason="the extra `server` is not installed")
    command = [sys.executable, "-m", "ringfence.cli", "serve", str(out), "--port", str(free_port())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        line = server.stdout.readline()
        yield line.removeprefix("Open ").strip()
        server.terminate()
        assert server.stderr.read() == ""


@pytest.fixture(scope="module")
def address(out):
    with served(out) as shown:
        yield shown


def test_the_nurse_opens_the_worklist_of_her_ward_and_the_report(browser, address):
    view = browser.new_page(viewport={"width": 390, "height": 844})
    view.goto(address)
    assert "token" not in view.url
    everything = view.locator("tbody tr").count()
    view.get_by_label("Ward").select_option("2N")
    view.get_by_role("button", name="Show").click()
    wards = view.eval_on_selector_all("tbody tr td:nth-child(2)", "cells => cells.map(c => c.textContent)")
    assert set(wards) == {"2N"}
    assert 0 < len(wards) < everything
    view.get_by_role("link", name="The whole report").click()
    assert view.locator("h1").inner_text().startswith("Carbapenemase-producing organisms")
    view.close()


TWO_SITES = """patient_id,facility,ward,task,due,because,clause,mark,state,task_id,since,days
TEST-1,Elm,2N,collect a screen,2026-03-06,owed,x-1,unverified,open,TEST-1:a,,10
TEST-2,Oak,2N,collect a screen,2026-03-20,owed,x-1,unverified,open,TEST-2:a,,
TEST-3,Oak,2N,collect a screen,2026-03-20,owed,x-1,unverified,done,TEST-3:a,,
"""


def test_wards_of_one_name_in_two_hospitals_are_two_and_a_day_to_come_is_no_day_past(browser, tmp_path):
    (tmp_path / "tasks.csv").write_text(TWO_SITES, encoding="utf-8")
    (tmp_path / "report.html").write_text("<h1>Made up</h1>", encoding="utf-8")
    with served(tmp_path) as shown:
        view = browser.new_page()
        view.goto(shown)
        said = view.eval_on_selector_all("tbody tr td:nth-child(5)", "cells => cells.map(c => c.textContent)")
        assert said == ["to do since 2026-03-06", "to do from 2026-03-20", "done"]
        view.get_by_label("Ward").select_option("Elm 2N")
        view.get_by_role("button", name="Show").click()
        assert view.locator("tbody tr td").first.inner_text() == "TEST-1"
        assert view.locator("tbody tr").count() == 1
        view.close()


def answer(address: str, path: str = "/", host: str | None = None, cookie: str = "", method: str = "GET") -> str:
    where = address.removeprefix("http://").split("/")[0]
    name, port = where.split(":")
    with socket.create_connection((name, int(port)), timeout=10) as wire:
        lines = [f"{method} {path} HTTP/1.0", f"Host: {host or where}", f"Cookie: {cookie}", "", ""]
        wire.sendall("\r\n".join(lines).encode())
        time.sleep(0.05)
        return b"".join(iter(lambda: wire.recv(65536), b"")).decode()


def test_whoever_brings_no_key_is_refused(address):
    assert " 403 " in answer(address).splitlines()[0]
    assert " 403 " in answer(address, "/tables/tasks.csv").splitlines()[0]
    assert " 403 " in answer(address, "/?token=wrong").splitlines()[0]


def test_another_host_name_another_method_and_another_file_are_refused(address):
    key = address.split("token=")[1]
    cookie = f"ringfence={key}"
    assert " 200 " in answer(address, cookie=cookie).splitlines()[0]
    assert " 400 " in answer(address, host="evil.example", cookie=cookie).splitlines()[0]
    assert " 405 " in answer(address, cookie=cookie, method="POST").splitlines()[0]
    for path in ("/tables/../provenance.csv", "/tables/none.csv", "/tables/%2e%2e%2fprovenance.csv"):
        assert " 404 " in answer(address, path, cookie=cookie).splitlines()[0]
