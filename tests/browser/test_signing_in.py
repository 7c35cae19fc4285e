"""Cookies as a real browser keeps them: over TLS, and after a way through another site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from mammoset.catalog import passwords
from mammoset.project import Project
from tests.web.opening import add_person
from tests.web.provider import PEOPLE, project_at, run_server_in_thread
from tests.web.wiring import NAME, make_certificate, serving

pytestmark = [
    pytest.mark.real("chromium"),
    pytest.mark.xdist_group("browser"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
]

RIGHT = "a horse under the tree"
SIGN_IN = """async ([name, password]) => {
    const body = JSON.stringify({ name, password });
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch("/api/v1/session", { method: "POST", body, headers });
    return answer.status;
}"""
SIGN_OUT = """async () => {
    const me = await (await fetch("/api/v1/me")).json();
    const headers = { "X-CSRF-Token": me.csrf_token };
    return (await fetch("/api/v1/session", { method: "DELETE", headers })).status;
}"""


def test_over_tls_the_browser_keeps_the_cookie_until_one_signs_out(browser: Browser, tmp_path: Path) -> None:
    pair = make_certificate(tmp_path / "certificate", NAME)
    text = f"""
        [dataset]
        name = "phantom-mammo"
        [serve]
        certificate = "{pair.certificate}"
        private_key = "{pair.private_key}"
    """
    with Project.create(tmp_path / "p", settings_text=text) as project, serving(project) as port:
        add_person(project, "anna", "reader", password_hash=passwords.hashed(RIGHT))
        context = browser.new_context(ignore_https_errors=True, base_url=f"https://{NAME}:{port}")
        page = context.new_page()
        page.goto("/static/icon.svg")
        assert page.evaluate(SIGN_IN, ["anna", "wrong"]) == 401
        assert page.evaluate(SIGN_IN, ["anna", RIGHT]) == 200
        (cookie,) = context.cookies()
        assert cookie["name"].startswith("__Host-")
        assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Strict")
        page.goto("/api/v1/me")
        expect(page.locator("body")).to_contain_text('"name":"anna"')
        assert page.evaluate(SIGN_OUT) == 204
        assert context.cookies() == []
        context.close()


def test_after_signing_in_at_a_provider_the_browser_is_in_and_where_it_wanted(browser: Browser, tmp_path: Path) -> None:
    with (
        run_server_in_thread(user_claims=PEOPLE, require_nonce=True) as provider,
        project_at(tmp_path / "p", f"http://localhost:{provider.server_port}") as project,
        serving(project) as port,
    ):
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/oidc/start?provider=hospital&next=/api/v1/me")
        page.get_by_role("button", name="41").click()
        page.wait_for_url(re.compile(r"/api/v1/me$"))
        expect(page.locator("body")).to_contain_text('"name":"anna"')
        page.close()
