"""The reading room: signing in, reading, arbitration, review, tables; never the vault."""

from mammoset.web.app import create_app
from mammoset.web.routes.signing_in import DemoAccount
from mammoset.web.serving import serve
from mammoset.web.signing_in import first_administrator

__all__ = ["DemoAccount", "create_app", "first_administrator", "serve"]
