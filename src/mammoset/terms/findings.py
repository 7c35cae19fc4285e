"""Finding categories of VinDr-Mammo, in the order of the paper's table of findings."""

from __future__ import annotations

MASS = "Mass"
SUSPICIOUS_CALCIFICATION = "Suspicious Calcification"
ASYMMETRY = "Asymmetry"
FOCAL_ASYMMETRY = "Focal Asymmetry"
GLOBAL_ASYMMETRY = "Global Asymmetry"
ARCHITECTURAL_DISTORTION = "Architectural Distortion"
SKIN_THICKENING = "Skin Thickening"
SKIN_RETRACTION = "Skin Retraction"
NIPPLE_RETRACTION = "Nipple Retraction"
SUSPICIOUS_LYMPH_NODE = "Suspicious Lymph Node"

LESION_CATEGORIES = (
    MASS,
    SUSPICIOUS_CALCIFICATION,
    ASYMMETRY,
    FOCAL_ASYMMETRY,
    GLOBAL_ASYMMETRY,
    ARCHITECTURAL_DISTORTION,
)
"""Categories that carry a BI-RADS assessment of their own."""

ASSOCIATED_FEATURES = (SKIN_THICKENING, SKIN_RETRACTION, NIPPLE_RETRACTION, SUSPICIOUS_LYMPH_NODE)
"""Categories that may stand without a BI-RADS assessment."""

FINDING_CATEGORIES = LESION_CATEGORIES + ASSOCIATED_FEATURES

NO_FINDING = "No Finding"
"""What the published table writes for an image without any finding; never a category of a finding."""
