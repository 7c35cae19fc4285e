"""Closed vocabularies of the field: DICOM, BI-RADS, finding categories, reasons."""
