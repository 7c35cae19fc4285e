"""The real identity provider of the tests, without what it says of a library of its own."""

from __future__ import annotations

import warnings
from importlib import import_module

with warnings.catch_warnings():
    import_module("authlib.deprecate")  # sets a filter of its own, which the next line is to outdo

    warnings.simplefilter("ignore")
    from oidc_provider_mock import User, run_server_in_thread  # type: ignore[import-untyped]

__all__ = ["User", "run_server_in_thread"]
