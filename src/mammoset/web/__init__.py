"""The pages: where a project stands, its exams, its tables, its releases; read only, never the vault."""

from mammoset.web.app import create_app
from mammoset.web.serving import serve

__all__ = ["create_app", "serve"]
