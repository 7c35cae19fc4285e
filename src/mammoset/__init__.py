"""mammoset: from a hospital's mammography archive to a published, double-read benchmark dataset."""

from importlib.metadata import version

__version__ = version("mammoset")
