"""The pages of who administers, in Debian's Chromium: dashboard, people, assignments, events; and what others see."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Response, expect

from mammoset.catalog import passwords
from mammoset.domain.workflow import FactKind
from mammoset.project import Project
from tests.browser.opening import SIGNED_OUT, enter, hire, serving, watched
from tests.builders import make_project
from tests.web.twice_read import SECONDS, answer, fact, read_twice

pytestmark = [pytest.mark.real("chromium"), pytest.mark.xdist_group("browser")]

TOLD = f"{SIGNED_OUT}|status of (409|422)"
ROLES = {"chief": "admin", "both": "admin reader", "r0": "reader", "r1": "reader", "iris": "reviewer"}
FAULTS = Path(__file__).parent / "page_faults.js"
"""What every page has to have for who uses a keyboard or a screen reader; returns the faults it finds."""


def made(folder: Path, *, studies: int, without: str = "") -> Project:
    """Make a project whose people have passwords."""
    project = make_project(folder, studies=studies)
    hire(project, **{name: roles for name, roles in ROLES.items() if name != without})
    return project


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a project that tests leave as it is: six exams, four read twice, of which one is discordant and decided."""
    with made(tmp_path_factory.mktemp("admin") / "p", studies=6) as project:
        studies = project.catalog.studies()
        pairs = ((1, 1), (4, 4), (2, 5), (1, 1))
        for study, (first, second), seconds in zip(studies, pairs, SECONDS, strict=False):
            read_twice(project, study, first, second, seconds=seconds)
        decided = answer(studies[2], "senior", 5)
        project.catalog.append(
            [
                fact(FactKind.ASSIGNED, studies[2], "senior", role="arbiter"),
                fact(FactKind.ARBITRATED, studies[2], "senior", day=4, role="arbiter", said=decided),
                fact(FactKind.ASSIGNED, studies[4], "r0"),
                fact(FactKind.ASSIGNED, studies[4], "r1"),
            ]
        )
        with serving(project) as where:
            yield where


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[tuple[str, Project]]:
    """Serve a project of its own: two exams that nobody has, two readers, one administrator."""
    with made(tmp_path / "p", studies=2, without="both") as project, serving(project) as where:
        yield where, project


@contextmanager
def opened(browser: Browser, where: str, path: str, name: str, *, bodies: list[str] | None = None) -> Iterator[Page]:
    """Open a page as somebody; what the browser complains of fails the test, and every answer's text is kept."""
    with watched(browser, (1280, 800), expected=TOLD, base_url=where) as context:
        page = context.new_page()
        if bodies is not None:
            page.on("requestfinished", lambda request: bodies.append(text_of(request.response())))
        enter(page, where, path, name)
        yield page


def text_of(response: Response | None) -> str:
    is_told = response is not None and "json" in response.headers.get("content-type", "")
    return response.text() if response is not None and is_told else ""


def asked(page: Page, path: str) -> Any:
    """Return what the server answers this person, once it has made all of it."""
    script = """async (path) => {
        for (;;) {
            const said = await (await fetch(path)).json();
            if (said.state !== "computing" && (said.is_withheld !== false || said.flow !== null)) return said;
            await new Promise((again) => setTimeout(again, 50));
        }
    }"""
    return page.evaluate(script, path)


def texts(row: Locator) -> list[str]:
    return [one.strip() for one in row.locator("th, td").all_inner_texts() if one.strip()]


def rows_of(page: Page, title: str) -> list[list[str]]:
    """Return the rows of the table in the card of this title."""
    card = page.locator("section", has=page.get_by_role("heading", name=title, exact=True))
    expect(card.locator("tbody tr").first).to_be_visible()
    return [texts(row) for row in card.locator("tbody tr").all()]


def two(value: float) -> str:
    return f"{value:.2f}"


def share(value: float) -> str:
    return f"{int(value * 100 + 0.5)}%"


def clock(seconds: float) -> str:
    return f"{round(seconds) // 60}:{round(seconds) % 60:02}"


# -- dashboard ------------------------------------------------------------------------------------------------------


def test_the_dashboard_shows_the_numbers_of_the_server(browser: Browser, address: str) -> None:
    with opened(browser, address, "/dashboard", "chief") as page:
        progress = asked(page, "/api/v1/dashboard/progress")
        rows = {(one[0], one[1]): one[2:] for one in rows_of(page, "Progress of each person")}
        for one in progress["per_reader"]:
            counts = [str(one[name]) for name in ("submitted", "in_progress", "assigned")]
            seconds = one["seconds_per_exam"]
            times = [clock(seconds["median"]), clock(seconds["p90"]), str(round(one["per_hour"]))] if seconds else []
            assert rows[one["name"], one["role"]] == counts + (times or ["not measured"])
        expect(page.get_by_text("4 of 6 exams have a final answer")).to_be_visible()
        steps = page.locator("[data-step] > div:first-child strong")
        expect(steps).to_have_text([str(step["count"]) for step in progress["flow"]])


def test_agreement_is_shown_with_its_intervals_and_why_there_is_none(browser: Browser, address: str) -> None:
    with opened(browser, address, "/dashboard", "chief") as page:
        found = asked(page, "/api/v1/dashboard/agreement")
        alphas = rows_of(page, "Agreement of all readers")
        birads = found["alpha"]["birads"]
        interval = f"{two(birads['low'])} – {two(birads['high'])}"
        assert ["BI-RADS", two(birads["alpha"]), interval, share(birads["observed"]), "8"] in alphas
        density = next(row for row in alphas if row[0] == "Density")
        assert density[1] == "not defined: everybody gave the same answer, so chance alone would agree"
        differing = {row[0]: row[1] for row in rows_of(page, "How often two readings differ")}
        rates = [share(one["rate"]) for one in found["discordance"]]
        assert list(differing.values()) == rates
        assert differing["calls for an arbiter"] == "25%"
        page.get_by_role("button", name="Recall").click()
        recall = found["pairs"][0]["fields"]["recall"]
        assert rows_of(page, "Agreement of each two readers")[0][:2] == ["r0 and r1", two(recall["kappa"])]


def test_a_reader_is_sent_no_number_of_anybody_else(browser: Browser, address: str) -> None:
    bodies: list[str] = []
    with opened(browser, address, "/dashboard", "r0", bodies=bodies) as page:
        expect(page.get_by_text("4 of 5 submitted")).to_be_visible()
        expect(page.get_by_text("Agreement is shown when the reading phase is over")).to_be_visible()
        for path in ("/people", "/assignments", "/events"):
            page.goto(path)
            expect(page.get_by_text("Your roles do not allow this.")).to_be_visible()
        page.wait_for_load_state("networkidle")
    told = "\n".join(bodies)
    assert '"name":"r0"' in told
    assert not [name for name in ("r1", "senior", "kappa", "alpha", "concordant", "final") if f'"{name}"' in told]


def test_an_administrator_who_reads_is_sent_nothing_that_follows_from_readings(browser: Browser, address: str) -> None:
    bodies: list[str] = []
    with opened(browser, address, "/dashboard", "both", bodies=bodies) as page:
        expect(page.get_by_text("You administer, and you also read or arbitrate.")).to_be_visible()
        page.get_by_role("link", name="Assignments").click()
        expect(page.locator("tbody tr")).to_have_count(6)
        assert page.locator("thead th").all_inner_texts()[:3] == ["Exam", "State", "Readers"]
        page.get_by_role("link", name="Events").click()
        expect(page.locator("tbody tr").first).to_be_visible()
    told = [json.loads(body) for body in bodies if body.startswith("{")]
    exams = [one for body in told for one in body.get("items", ()) if "is_open" in one]
    assert {one["state"] for one in exams} == {"assigned", "unassigned"}
    assert not re.search(r"kappa|concordant|awaiting|arbiter_|true,\"senior\"", "\n".join(bodies))


# -- people ---------------------------------------------------------------------------------------------------------


def test_a_person_is_added_and_their_password_shown_once(browser: Browser, fresh: tuple[str, Project]) -> None:
    where, project = fresh
    with opened(browser, where, "/people", "chief") as page:
        expect(page.get_by_text("5 people")).to_be_visible()
        page.keyboard.press("a")
        dialog = page.get_by_role("dialog", name="Add a person")
        dialog.get_by_label("Name", exact=True).fill("R0")
        page.keyboard.press("Enter")
        expect(dialog.get_by_text("Somebody has this name already")).to_be_visible()
        expect(dialog.get_by_label("Name", exact=True)).to_be_focused()
        dialog.get_by_label("Name", exact=True).fill("Minh Châu")
        dialog.get_by_label("arbiter", exact=True).check()
        dialog.get_by_label("Years of experience").fill("many")
        expect(dialog.get_by_text("A whole number from 0 to 80")).to_be_visible()
        dialog.get_by_label("Years of experience").fill("7")
        page.keyboard.press("Enter")
        given = page.get_by_role("dialog", name="Minh Châu is added")
        password = given.get_by_label("Password").inner_text()
        given.get_by_role("button", name="Done").click()
        expect(page.get_by_role("row", name="Minh Châu")).to_contain_text("reader, arbiter")
        expect(page.get_by_role("button", name="Add a person")).to_be_visible()
        assert password not in page.content()
    account = project.catalog.accounts.get("Minh Châu")
    assert account is not None
    assert passwords.is_right(account.password_hash, password)


def test_people_are_changed_and_the_last_administrator_stays(browser: Browser, fresh: tuple[str, Project]) -> None:
    where, project = fresh
    with opened(browser, where, "/people", "chief") as page:
        page.get_by_role("switch", name="r1 is available for new exams").press("Space")
        expect(page.get_by_role("switch", name="r1 is available for new exams")).not_to_be_checked()
        menu = page.get_by_role("button", name="Change chief")
        menu.click()
        page.get_by_role("menuitem", name="Disable…").click()
        page.get_by_role("dialog").get_by_role("button", name="Disable").click()
        expect(page.get_by_text("This is the only administrator who can sign in.")).to_be_visible()
        page.keyboard.press("Escape")
        expect(menu).to_be_focused()
    assert {one.reader_id: one.is_available for one in project.catalog.readers()}["r1"] is False


# -- assignments, events, the end of the phase ----------------------------------------------------------------------


def test_exams_are_drawn_after_a_look_and_withdrawn_for_a_reason(browser: Browser, fresh: tuple[str, Project]) -> None:
    where, project = fresh
    with opened(browser, where, "/assignments", "chief") as page:
        expect(page.locator("tbody tr", has_text="not assigned")).to_have_count(2)
        page.keyboard.press("d")
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("Nothing is done yet.")).to_be_visible()
        assert not any(project.catalog.facts().values())
        dialog.get_by_role("button", name="Assign 4").click()
        expect(page.get_by_role("status").filter(has_text="4 newly assigned.")).to_be_visible()
        expect(page.locator("tbody tr", has_text="with the readers")).to_have_count(2)
        page.get_by_role("button", name="Change who has exam 1").click()
        page.get_by_role("menuitem", name="Take from r0 (reader)…").click()
        dialog.get_by_role("button", name="Take it away").click()
        expect(dialog.get_by_text("Enter a reason.")).to_be_visible()
        dialog.get_by_label("Reason").fill("on leave")
        dialog.get_by_role("button", name="Take it away").click()
        expect(page.get_by_text("Exam 1 is taken from r0.")).to_be_visible()
        page.get_by_label("Person").select_option("r0")
        expect(page.locator("tbody th")).to_have_text(["Exam 2"])
        page.goto("/events?kind=reader_withdrawn")
        expect(page.locator("tbody tr")).to_have_text(re.compile("chief.*took exam 1 from r0 as reader: on leave"))


def test_the_phase_is_closed_by_typing_the_datasets_name(browser: Browser, fresh: tuple[str, Project]) -> None:
    where, project = fresh
    for study in project.catalog.studies():
        read_twice(project, study, 1, 1, seconds=20)
    with opened(browser, where, "/assignments", "chief") as page:
        expect(page.get_by_text("No exam waits.")).to_be_visible()
        page.get_by_role("button", name="Close the reading phase…").click()
        dialog = page.get_by_role("dialog", name="Close the reading phase for good?")
        sure = dialog.get_by_role("button", name="Close for good")
        expect(sure).to_be_disabled()
        dialog.get_by_label("Type the name of the dataset, test").fill("test")
        sure.click()
        expect(page.get_by_text("Reading phase closed", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Draw people…")).to_have_count(0)
    with opened(browser, where, "/dashboard", "r0") as page:
        expect(page.get_by_text("2 of 2 exams have a final answer")).to_be_visible()
        expect(page.get_by_text("Agreement is shown when the reading phase is over")).to_have_count(0)


# -- for everybody --------------------------------------------------------------------------------------------------


def test_every_page_can_be_used_without_seeing_it(browser: Browser, address: str) -> None:
    faults = FAULTS.read_text(encoding="utf-8")
    with opened(browser, address, "/dashboard", "chief") as page:
        for name in ("Dashboard", "People", "Assignments", "Events"):
            page.get_by_role("link", name=name).click()
            expect(page).to_have_title(f"{name} · test")
            expect(page.locator("main tbody tr >> visible=true").first).to_be_visible()
            assert page.evaluate(faults) == []


def test_the_pages_speak_vietnamese(browser: Browser, address: str) -> None:
    with opened(browser, address, "/dashboard", "chief") as page:
        page.get_by_role("button", name="Tiếng Việt").click()
        expect(page.get_by_text("4/6 ca đã có kết quả cuối cùng")).to_be_visible()
        expect(page.locator("[data-step='approved']")).to_contain_text("ca được mở để đọc")
        for name in ("Nhân sự", "Phân công", "Nhật ký"):
            page.get_by_role("link", name=name).click()
            expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        expect(page.locator("tbody tr").first).to_contain_text("đã đăng nhập bằng mật khẩu")


def test_lists_are_turned_by_keys(browser: Browser, tmp_path: Path) -> None:
    with (
        made(tmp_path / "p", studies=51) as project,
        serving(project) as where,
        opened(browser, where, "/assignments", "chief") as page,
    ):
        expect(page.get_by_text("1–50 of 51")).to_be_visible()
        page.keyboard.press("]")
        expect(page.locator("tbody th")).to_have_text(["Exam 51"])
        page.keyboard.press("]")
        page.keyboard.press("[")
        expect(page.locator("tbody tr")).to_have_count(50)
        page.keyboard.press("/")
        expect(page.get_by_label("Person")).to_be_focused()
