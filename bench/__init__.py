"""How fast mammoset is, and how much memory it needs: ``python -m bench``."""
