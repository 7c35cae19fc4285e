"""The real identity provider of the tests, without what it says of a library of its own."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

with warnings.catch_warnings():
    import_module("authlib.deprecate")  # sets a filter of its own, which the next line is to outdo

    warnings.simplefilter("ignore")
    from oidc_provider_mock import User  # type: ignore[import-untyped]
    from oidc_provider_mock import run_server_in_thread as _run_server_in_thread

__all__ = ["User", "run_server_in_thread"]


@contextmanager
def run_server_in_thread(**settings: Any) -> Iterator[Any]:
    """Run it, and close its socket too, which it leaves to chance."""
    with _run_server_in_thread(**settings) as server:
        yield server
    server.server_close()
