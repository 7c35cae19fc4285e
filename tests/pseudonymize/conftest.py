"""``--hypothesis-profile=long``: the whole corpus and thousands of mutated files instead of a sample."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("long", max_examples=20_000, deadline=None)
