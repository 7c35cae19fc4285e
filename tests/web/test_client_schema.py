"""The client's types of the API are those of the server's own description."""

from __future__ import annotations

import runpy
from pathlib import Path

from fastapi import FastAPI

ROOT = Path(__file__).parents[2]
FILE = ROOT / "client" / "src" / "schema" / "api.ts"
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "write-client-schema"))


def test_the_types_are_not_stale(app: FastAPI) -> None:
    told = "the API changed: .venv/bin/python scripts/write-client-schema"
    assert FILE.read_text(encoding="utf-8") == SCRIPT["schema_of"](app.openapi()), told


def test_a_model_is_written_as_a_type() -> None:
    described = {
        "description": "A person's exam.\n\nMore of it.",
        "type": "object",
        "required": ["state", "box", "opened_at"],
        "properties": {
            "state": {"enum": ["new", "done"], "type": "string"},
            "box": {"type": "array", "prefixItems": [{"type": "number"}, {"type": "integer"}]},
            "opened_at": {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]},
            "categories": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
            "seconds": {"type": "object", "additionalProperties": {"type": "number"}},
            "inner": {"$ref": "#/components/schemas/Inner"},
            "any": {},
        },
    }
    assert SCRIPT["model"]("Exam", described) == (
        "\n/** A person's exam. */\nexport type Exam = {\n  state: 'new' | 'done'\n  box: [number, number]\n"
        "  opened_at: string | null\n  categories?: (string | null)[]\n  seconds?: Record<string, number>\n"
        "  inner?: Inner\n  any?: unknown\n}\n"
    )


def test_models_of_one_name_in_two_modules_are_told_apart() -> None:
    name_of = SCRIPT["name_of"]
    assert name_of("PairOut") == "PairOut"
    assert name_of("mammoset__web__dashboard_bodies__PairOut") == "DashboardBodiesPairOut"
    assert name_of("mammoset__web__routes__api__PairOut") == "ApiPairOut"
