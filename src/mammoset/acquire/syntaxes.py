"""Which storage classes and transfer syntaxes are offered: as acceptor all, in a C-GET as many as fit."""

from __future__ import annotations

from collections.abc import Collection

from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    BasicTextSRStorage,
    BlendingSoftcopyPresentationStateStorage,
    BreastProjectionXRayImageStorageForPresentation,
    BreastProjectionXRayImageStorageForProcessing,
    ComprehensiveSRStorage,
    ComputedRadiographyImageStorage,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    DigitalXRayImageStorageForPresentation,
    EncapsulatedPDFStorage,
    EnhancedSRStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    GrayscaleSoftcopyPresentationStateStorage,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    KeyObjectSelectionDocumentStorage,
    MammographyCADSRStorage,
    MRImageStorage,
    MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    MultiFrameTrueColorSecondaryCaptureImageStorage,
    RawDataStorage,
    RLELossless,
    SecondaryCaptureImageStorage,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
    XRayRadiationDoseSRStorage,
)

from mammoset.terms.dicom import BREAST_TOMOSYNTHESIS, MG_FOR_PRESENTATION, MG_FOR_PROCESSING

MAX_CONTEXTS = 128
"""PS3.8 9.3.2.2: context ids are the odd numbers of one byte."""

UNCOMPRESSED = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)
SYNTAXES = (
    *UNCOMPRESSED, JPEGLosslessSV1, JPEGLossless, JPEG2000Lossless, JPEG2000, JPEGLSLossless, JPEGLSNearLossless,
    JPEGBaseline8Bit, JPEGExtended12Bit, RLELossless, HTJ2KLossless, HTJ2KLosslessRPCL, HTJ2K,
    DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian,
)  # fmt: skip

MAMMOGRAPHY_CLASSES = (MG_FOR_PRESENTATION, MG_FOR_PROCESSING, BREAST_TOMOSYNTHESIS)
COMPANION_CLASSES = (
    SecondaryCaptureImageStorage, MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    MultiFrameGrayscaleWordSecondaryCaptureImageStorage, MultiFrameTrueColorSecondaryCaptureImageStorage,
    BreastProjectionXRayImageStorageForPresentation, BreastProjectionXRayImageStorageForProcessing, BasicTextSRStorage,
    EnhancedSRStorage, ComprehensiveSRStorage, MammographyCADSRStorage, XRayRadiationDoseSRStorage,
    KeyObjectSelectionDocumentStorage, GrayscaleSoftcopyPresentationStateStorage,
    BlendingSoftcopyPresentationStateStorage, EncapsulatedPDFStorage, RawDataStorage, UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage, ComputedRadiographyImageStorage, DigitalXRayImageStorageForPresentation,
    CTImageStorage, MRImageStorage,
)  # fmt: skip
"""What may lie in a mammography study besides; for peers that do not list SOP classes and stop at the first object
for which nothing was proposed."""


def retrieval_pairs(sop_classes: Collection[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return the (class, syntaxes) pairs to propose in a C-GET, one presentation context each.

    A context per syntax lets the peer send an object as it is stored; a single context with all of them makes some
    peers decompress. Mammograms come first; classes for which there is no room get one uncompressed context.

    Parameters
    ----------
    sop_classes : collection of str
        What the peer lists; an empty one means that it does not tell all of them.
    """
    wanted = set(sop_classes) - {""}
    if wanted != set(sop_classes) or not wanted:
        wanted |= {*MAMMOGRAPHY_CLASSES, *COMPANION_CLASSES}
    ordered = sorted(wanted, key=lambda one: (one not in MAMMOGRAPHY_CLASSES, one))
    room = MAX_CONTEXTS - 1
    pairs: list[tuple[str, tuple[str, ...]]] = []
    for number, one in enumerate(ordered):
        after = len(ordered) - number - 1
        if one in MAMMOGRAPHY_CLASSES or room - len(pairs) >= len(SYNTAXES) + after:
            pairs.extend((one, (syntax,)) for syntax in SYNTAXES)
        elif room > len(pairs):
            pairs.append((one, UNCOMPRESSED))
    return pairs
