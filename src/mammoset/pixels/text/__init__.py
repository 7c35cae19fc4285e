"""Burned-in text: `find_text` says where, `read_text` what it says."""

from mammoset.pixels.text.detections import Detection, Detections, Effort, FoundBy, Place, Rectangle
from mammoset.pixels.text.reading import Line, read_text
from mammoset.pixels.text.search import find_text

__all__ = [
    "Detection",
    "Detections",
    "Effort",
    "FoundBy",
    "Line",
    "Place",
    "Rectangle",
    "find_text",
    "read_text",
]
