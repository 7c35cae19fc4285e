"""The catalog's migrations, oldest first."""
