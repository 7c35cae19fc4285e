"""What a browser keeps of a reader's work: counted in the real thing, and waited for."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.marking import form

Table = tuple[str, str]
ANSWERS, EXAMS, PIECES = ("mammoset.answers", "answers"), ("mammoset.exams", "answers"), ("mammoset.exams", "pieces")
"""Database and table: answers of readers, answers of the server, bytes of images."""

READ = """(database, table) => new Promise((done, fail) => {
    const opening = indexedDB.open(database)
    opening.onerror = () => fail(opening.error)
    opening.onsuccess = () => {
        const here = opening.result
        if (!here.objectStoreNames.contains(table)) { here.close(); return done([]) }
        const asked = here.transaction(table).objectStore(table).getAll()
        asked.onsuccess = () => { here.close(); done(asked.result) }
    }
})"""
COUNT = f"""async ([database, table, study]) =>
    (await ({READ})(database, table)).filter(one => study === null || one.study_id === study).length"""
WHOLE = f"""async (study) => {{
    const read = {READ}
    const exam = (await read("mammoset.exams", "answers")).find(({{ key }}) => key === `exam ${{study}}`)?.answer
    const pieces = await read("mammoset.exams", "pieces")
    const of = ({{ url, size }}) => pieces.filter(({{ key }}) => key === `${{url}} ${{size}}`)
    const end = (stream) => Math.max(0, ...of(stream).map(({{ from, bytes }}) => from + bytes.length))
    return exam?.images.every(({{ codestream }}) => end(codestream) >= codestream.tile_part_ends.at(-1))
}}"""
WAIT = """async ([condition, asked, given]) => {
    const holds = eval(condition)
    const end = performance.now() + 15_000
    while (!(await holds(asked, given))) {
        if (performance.now() > end) throw new Error('it never came')
        await new Promise(requestAnimationFrame)
    }
}"""
DROP_PIECES = """(image) => new Promise((done) => {
    const opening = indexedDB.open('mammoset.exams')
    opening.onsuccess = () => {
        const here = opening.result
        const store = here.transaction('pieces', 'readwrite').objectStore('pieces')
        const asked = store.getAllKeys()
        asked.onsuccess = () => { for (const key of asked.result) if (key[0].includes(`/${image}/`)) store.delete(key) }
        store.transaction.oncomplete = () => { here.close(); done(true) }
    }
})"""
"""Takes an image from what a browser keeps, as one does that has no room."""


def count(page: Page, what: Table, study_id: str | None = None) -> int:
    """Count what the browser keeps, of an exam or of all."""
    return int(page.evaluate(COUNT, [*what, study_id]))


def until(page: Page, what: Table, study_id: str | None, n: int) -> None:
    """Wait until the browser keeps so many."""
    page.evaluate(WAIT, [f"async (asked, n) => (await ({COUNT})(asked)) === n", [*what, study_id], n])


def sent(page: Page, study_id: str) -> None:
    """Wait until the server has the answer that was given, and the browser keeps none."""
    until(page, ANSWERS, study_id, 0)


def kept_whole(page: Page, study_id: str) -> None:
    """Wait until the browser keeps the client, and all images of an exam to the last byte."""
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.evaluate(WAIT, [WHOLE, study_id, None])


def not_answering(page: Page) -> None:
    """Wait until the page says that the server is not there."""
    expect(form(page).get_by_text("The server does not answer.", exact=False).first).to_be_visible()
