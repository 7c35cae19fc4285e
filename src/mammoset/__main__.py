"""``python -m mammoset``."""

from mammoset.cli import main

if __name__ == "__main__":
    main()
