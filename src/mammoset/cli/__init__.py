"""The command line: parses, calls, prints; the only place that prints and that catches errors."""

from mammoset.cli.app import main

__all__ = ["main"]
