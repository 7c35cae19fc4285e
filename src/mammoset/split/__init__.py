"""Split: folds that are alike in every attribute, patients whole."""

from mammoset.split.attributes import label_counts
from mammoset.split.report import SplitReport, report
from mammoset.split.stage import split_project
from mammoset.split.stratify import Stratification, stratify

__all__ = ["SplitReport", "Stratification", "label_counts", "report", "split_project", "stratify"]
