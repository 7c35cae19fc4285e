"""The reading room: signing in, reading, arbitration, review, tables; never the vault."""

from mammoset.web.app import create_app
from mammoset.web.door.signing_in import first_administrator
from mammoset.web.routes.signing_in import DemoAccount
from mammoset.web.serving import serve

__all__ = ["DemoAccount", "create_app", "first_administrator", "serve"]
