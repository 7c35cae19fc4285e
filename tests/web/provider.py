"""The real identity provider of the tests, without what it says of a library of its own."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from mammoset.project import Project
from tests.web.opening import add_person

with warnings.catch_warnings():
    import_module("authlib.deprecate")  # sets a filter of its own, which the next line is to outdo

    warnings.simplefilter("ignore")
    from oidc_provider_mock import User  # type: ignore[import-untyped]
    from oidc_provider_mock import run_server_in_thread as _run_server_in_thread

__all__ = ["CLIENT_ID", "PEOPLE", "User", "project_at", "run_server_in_thread"]

CLIENT_ID = "mammoset"
PEOPLE = (
    User(sub="41", claims={"preferred_username": "anna", "email": "bruno@hospital.example", "email_verified": True}),
    User(sub="42", claims={"preferred_username": "bruno", "email": "anna@hospital.example", "email_verified": False}),
    User(sub="43", claims={"preferred_username": "stranger"}),
)


@contextmanager
def run_server_in_thread(**settings: Any) -> Iterator[Any]:
    """Run it, and close its socket too, which it leaves to chance."""
    with _run_server_in_thread(**settings) as server:
        yield server
    server.server_close()


@contextmanager
def project_at(root: Path, issuer: str, claim: str = "preferred_username") -> Iterator[Project]:
    """Make a project whose people sign in at a provider."""
    text = f"""
        [dataset]
        name = "phantom-mammo"
        [serve.oidc.hospital]
        name = "Hospital login"
        issuer = "{issuer}"
        client_id = "{CLIENT_ID}"
        client_secret_file = "secret"
        claim = "{claim}"
    """
    with Project.create(root, settings_text=text) as project:
        (root / "secret").write_text("never mind & more\n")
        for name in ("anna", "bruno", "bruno@hospital.example", "anna@hospital.example"):
            add_person(project, name, "reader")
        yield project
