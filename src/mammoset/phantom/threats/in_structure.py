"""Rows whose canary lies in how a data set is built: sequences, private elements, planes, documents."""

from __future__ import annotations

from mammoset.phantom.threats.canaries import Hand
from mammoset.phantom.threats.draft import Draft
from mammoset.phantom.threats.elements import Element, Item, named, tag, words
from mammoset.phantom.threats.threat import Plant, Threat

_IMPLICIT = ("1.2.840.10008.1.2",)
DEPTH = 24
_CLOSED = (
    (0x0045, 0x10, b"GEMS_SENO_02", (0x59, 0x60, 0x62, 0x64)),
    (0x0019, 0x20, b"LORAD Selenia", (0x30, 0x33, 0x52)),
    (0x0019, 0x21, b"HOLOGIC, Inc.", (0x32, 0x45)),
)
"""Group, block, creator and elements that are known to hold integers."""
_METHODS = "DeidentificationMethodCodeSequence"
_REFERENCES = (
    "SourceImageSequence", "ReferencedImageSequence", "ReferencedStudySequence", "ReferencedPatientSequence",
    "ReferencedPerformedProcedureStepSequence", "ReferencedInstanceSequence",
)  # fmt: skip


def _code(value: str, scheme: str, meaning: str, *more: Element) -> Item:
    head = (named("CodeValue", value), named("CodingSchemeDesignator", scheme))
    return (*head, named("CodeMeaning", meaning), *more)


def _inside(keyword: str, inner: str) -> Plant:
    """Plant a text under a keyword in the first item of a sequence that a keep-list keeps."""

    def act(made: Draft, hand: Hand) -> None:
        made.put_in_item(keyword, named(inner, hand.letters()))

    return act


def _uid_in_item(keyword: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        inner = (
            named("ReferencedSOPClassUID", "1.2.840.10008.5.1.4.1.1.1.2"),
            named("ReferencedSOPInstanceUID", hand.uid()),
        )
        made.put(keyword, (inner,))

    return act


def _private_in_item(keyword: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.put_in_item(
            keyword,
            Element(0x00290010, "LO", hand.letters().encode()),
            Element(0x00291001, "LT", hand.letters().encode()),
        )

    return act


def _voi_lut(explanation: str, *more: Element, data: bytes = b"") -> Item:
    ramp = data or words(*range(0, 4096, 16))
    return (
        Element(tag("LUTDescriptor"), "US", words(256, 0, 12)), named("LUTExplanation", explanation),
        Element(tag("LUTData"), "OW", ramp), *more,
    )  # fmt: skip


def _lut_explanation(made: Draft, hand: Hand) -> None:
    made.put("VOILUTSequence", (_voi_lut(hand.letters()),))


def _lut_patient(made: Draft, hand: Hand) -> None:
    made.put("VOILUTSequence", (_voi_lut("NORMAL", named("PatientID", hand.letters())),))


def _lut_private(made: Draft, hand: Hand) -> None:
    creator = Element(0x00290010, "LO", hand.letters().encode())
    made.put("VOILUTSequence", (_voi_lut("NORMAL", creator, Element(0x00291001, "LO", hand.letters().encode())),))


def _lut_beyond(made: Draft, hand: Hand) -> None:
    made.put("VOILUTSequence", (_voi_lut("NORMAL", data=words(*range(0, 4096, 16)) + hand.raw()),))


def _lut_spelled(made: Draft, hand: Hand) -> None:
    """Spell the canary in the entries of a table, which is no table of grey values then."""
    text = hand.raw(512)
    item = (Element(tag("LUTDescriptor"), "US", words(256, 0, 16)), Element(tag("LUTData"), "OW", text))
    made.put("VOILUTSequence", (item,))


def _modality_lut(made: Draft, hand: Hand) -> None:
    made.put("ModalityLUTSequence", ((*_voi_lut(hand.letters()), named("ModalityLUTType", hand.letters())),))


def _code_value(made: Draft, hand: Hand) -> None:
    made.put("ViewCodeSequence", (_code(hand.letters(), "99LOCAL", hand.letters()),))


def _modifier(made: Draft, hand: Hand) -> None:
    modifiers = (_code("399055006", "SCT", hand.letters()), _code(hand.letters(), "99LOCAL", "further"))
    made.put_in_item("ViewCodeSequence", named("ViewModifierCodeSequence", modifiers))


def _second_view(made: Draft, hand: Hand) -> None:
    first, *_ = made.items("ViewCodeSequence")
    made.put("ViewCodeSequence", (first, (named("PatientID", hand.letters()), *_code("1", "99", hand.letters()))))


def _long_code(made: Draft, hand: Hand) -> None:
    more = named("CodingSchemeVersion", hand.letters()), named("LongCodeValue", hand.letters())
    extension = named("ContextGroupExtensionCreatorUID", hand.uid()), named("ContextIdentifier", hand.letters())
    made.put_in_item("ViewCodeSequence", *more, *extension)


def _context(made: Draft, hand: Hand) -> None:
    item = named("ValueType", "TEXT"), named("TextValue", hand.letters())
    made.put("AcquisitionContextSequence", (item,))


def _nested(keyword: str) -> Plant:
    """Plant what an earlier tool kept of the original: nested identifiers."""

    def act(made: Draft, hand: Hand) -> None:
        item = named("PatientName", hand.letters()), named("PatientID", hand.digits())
        inner = named("ModifiedAttributesSequence", (item,))
        made.put(keyword, ((inner, named("SourceOfPreviousValues", hand.letters())),))

    return act


def _deep(made: Draft, hand: Hand) -> None:
    element = named("PatientComments", hand.letters())
    for _ in range(DEPTH):
        element = named("ViewModifierCodeSequence", ((element,),))
    made.put_in_item("ViewCodeSequence", element)


def _undefined(made: Draft, hand: Hand) -> None:
    item = (*made.items("ViewCodeSequence")[0], named("PatientID", hand.letters()))
    number = tag("ViewCodeSequence")
    made.put_element(Element(number, "SQ", (tuple(sorted(item, key=lambda one: one.number)),), is_undefined=True))


def _unknown_sequence(made: Draft, hand: Hand) -> None:
    """Write a sequence as UN of undefined length, whose items are implicit (PS3.5 6.2.2)."""
    inner = (named("PatientID", hand.letters()),)
    made.put_element(Element(0x00291040, "UN", (inner,), is_undefined=True))


def _private(number: int, vr: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        group, block = number >> 16 << 16, number >> 8 & 0xFF
        made.put_element(Element(group | block, "LO", b"ACME 1.0"))
        made.put_element(Element(number, vr, hand.letters().encode()))

    return act


def _creator(made: Draft, hand: Hand) -> None:
    made.put_element(Element(0x00290010, "LO", hand.letters().encode()))
    made.put_element(Element(0x00291001, "DS", b"1"))


def _closed_creator(vr: str, *, is_number: bool) -> Plant:
    """Plant in the places whose integers a keep-list of private elements may keep."""

    def act(made: Draft, hand: Hand) -> None:
        for group, block, creator, numbers in _CLOSED:
            made.put_element(Element(group << 16 | block, "LO", creator))
            for number in numbers:
                value = hand.digits() if is_number else hand.letters()
                made.put_element(Element(group << 16 | block << 8 | number, vr, value.encode()))

    return act


def _private_sequence(made: Draft, hand: Hand) -> None:
    inner = Element(0x00310010, "LO", hand.letters().encode()), Element(0x00311001, "UT", hand.letters().encode())
    middle = Element(0x00291002, "SQ", ((*inner, named("PatientBirthName", hand.letters())),))
    made.put_element(Element(0x00290010, "LO", b"ACME 1.0"))
    made.put_element(Element(0x00291001, "SQ", ((Element(0x00290010, "LO", b"ACME 1.0"), middle),)))


def _orphan(made: Draft, hand: Hand) -> None:
    """Write private elements without a creator, and known creators with an element that is not theirs."""
    made.put_element(Element(0x00131001, "UN", hand.letters().encode()))
    made.put_element(Element(0x004500F0, "LO", b"GEMS_SENO_02"))
    made.put_element(Element(0x0045F04A, "LO", hand.letters().encode()))


def _element(number: int, vr: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.put_element(Element(number, vr, hand.raw()))

    return act


def _text_element(number: int, vr: str) -> Plant:
    def act(made: Draft, hand: Hand) -> None:
        made.put_element(Element(number, vr, hand.letters().encode()))

    return act


def _overlay(group: int) -> Plant:
    """Draw the canary into an overlay plane of its own element."""

    def act(made: Draft, hand: Hand) -> None:
        base = group << 16
        for number, vr, value in (
            (0x10, "US", words(16)), (0x11, "US", words(16)), (0x40, "CS", b"G"), (0x50, "SS", words(1, 1)),
            (0x100, "US", words(1)), (0x102, "US", words(0)), (0x3000, "OW", hand.raw(32)),
            (0x22, "LO", hand.letters().encode()), (0x1500, "LO", hand.letters().encode()),
            (0x4000, "LT", hand.letters().encode()),
        ):  # fmt: skip
            made.put_element(Element(base | number, vr, value))

    return act


def _curve(made: Draft, hand: Hand) -> None:
    for number, vr, value in (
        (0x05, "US", words(2)), (0x10, "US", words(6)), (0x20, "CS", b"TAC"), (0x22, "LO", hand.letters().encode()),
        (0x103, "US", words(0)), (0x3000, "OW", hand.raw()),
    ):  # fmt: skip
        made.put_element(Element(0x50000000 | number, vr, value))


def _icon(made: Draft, hand: Hand) -> None:
    item = (
        named("SamplesPerPixel", words(1)), named("PhotometricInterpretation", "MONOCHROME2"),
        named("Rows", words(8)), named("Columns", words(8)), named("BitsAllocated", words(8)),
        named("BitsStored", words(8)), named("HighBit", words(7)), named("PixelRepresentation", words(0)),
        Element(tag("PixelData"), "OB", hand.raw(64)),
    )  # fmt: skip
    made.put("IconImageSequence", (item,))


def _signature(made: Draft, hand: Hand) -> None:
    item = (
        named("MACIDNumber", words(1)), named("DigitalSignatureUID", hand.uid()),
        named("CertificateOfSigner", hand.letters().encode() + hand.raw()), named("Signature", hand.raw()),
    )  # fmt: skip
    made.put("DigitalSignaturesSequence", (tuple(sorted(item, key=lambda one: one.number)),))
    made.put("MACParametersSequence", ((named("MACIDNumber", words(1)), named("MACAlgorithm", hand.letters())),))


def _encrypted(made: Draft, hand: Hand) -> None:
    item = named("EncryptedContentTransferSyntaxUID", hand.uid()), named("EncryptedContent", hand.raw())
    made.put("EncryptedAttributesSequence", (item,))


def _document(made: Draft, hand: Hand) -> None:
    made.put("EncapsulatedDocument", b"%PDF-1.4\n" + hand.letters().encode() + hand.raw())
    made.put("DocumentTitle", hand.letters())
    made.put("SourceInstanceSequence", ((named("ReferencedSOPInstanceUID", hand.uid()),),))


def _graphics(made: Draft, hand: Hand) -> None:
    text = (named("UnformattedTextValue", hand.letters()),)
    made.put("GraphicAnnotationSequence", ((named("TextObjectSequence", (text,)),),))


ROWS: tuple[Threat, ...] = (
    Threat("code.meaning", "text", "CodeMeaning of the view", _inside("ViewCodeSequence", "CodeMeaning")),
    Threat("code.region_meaning", "text", "meaning of the region", _inside("AnatomicRegionSequence", "CodeMeaning")),
    Threat("code.method_meaning", "text", "de-identification codes", _inside(_METHODS, "CodeMeaning")),
    Threat("code.value", "text", "CodeValue and meaning of a view in a local scheme", _code_value),
    Threat("code.modifier", "text", "meanings and values of view modifiers", _modifier),
    Threat("code.second_item", "text", "a second item of ViewCodeSequence", _second_view),
    Threat("code.further_attributes", "text", "version, long value, extension creator of a code", _long_code),
    Threat("sequence.in_view", "text", "PatientID in ViewCodeSequence", _inside("ViewCodeSequence", "PatientID")),
    Threat("sequence.in_region", "text", "PatientName in the region", _inside("AnatomicRegionSequence", "PatientName")),
    Threat("sequence.lut_explanation", "text", "LUTExplanation", _lut_explanation),
    Threat("sequence.lut_patient", "text", "PatientID in VOILUTSequence", _lut_patient),
    Threat("sequence.lut_private", "text", "private elements in VOILUTSequence", _lut_private),
    Threat("sequence.lut_beyond", "bytes", "LUTData behind the last entry", _lut_beyond),
    Threat("sequence.lut_spelled", "bytes", "entries of LUTData", _lut_spelled),
    Threat("sequence.modality_lut", "text", "ModalityLUTSequence", _modality_lut),
    Threat("sequence.private_in_view", "text", "private, in the view code", _private_in_item("ViewCodeSequence")),
    Threat("sequence.context", "text", "AcquisitionContextSequence", _context),
    Threat("sequence.request", "text", "request", _inside("RequestAttributesSequence", "RequestedProcedureID")),
    Threat("sequence.other_ids", "text", "OtherPatientIDsSequence", _inside("OtherPatientIDsSequence", "PatientID")),
    Threat("sequence.operators", "text", "operators", _inside("OperatorIdentificationSequence", "InstitutionName")),
    Threat("sequence.original_attributes", "text, digits", "kept originals", _nested("OriginalAttributesSequence")),
    Threat("sequence.deep", "text", f"{DEPTH} levels below ViewCodeSequence", _deep),
    Threat("sequence.undefined_length", "text", "ViewCodeSequence of undefined length", _undefined),
    Threat("sequence.unknown", "text", "a sequence as UN of undefined length", _unknown_sequence, _IMPLICIT),
    *(
        Threat(f"reference.{keyword}", "uid", keyword, _uid_in_item(keyword))
        for keyword in _REFERENCES
    ),
    Threat("private.creator", "text", "private creator", _creator),
    Threat("private.text", "text", "private LO", _private(0x00291001, "LO")),
    Threat("private.unknown", "text", "private UN", _private(0x0029F0FF, "UN")),
    Threat("private.binary", "text", "private OB", _private(0x00091001, "OB")),
    Threat("private.sequence", "text", "private group in a private sequence", _private_sequence),
    Threat("private.orphan", "text", "private elements without or beside their creator", _orphan),
    Threat("private.closed_text", "text", "text in IS of known creators", _closed_creator("IS", is_number=False)),
    Threat("private.closed_digits", "digits", "digits in IS of known creators", _closed_creator("IS", is_number=True)),
    Threat("private.closed_unknown", "text", "UN of known creators", _closed_creator("UN", is_number=False)),
    Threat("private.siemens", "text", "SIEMENS MED MG text layout", _private(0x00291001, "LT")),
    Threat("unknown.even_group", "bytes", "(0028,0099) UN", _element(0x00280099, "UN")),
    Threat("unknown.retired_comment", "text", "(4000,4000) LT", _text_element(0x40004000, "LT")),
    Threat("unknown.identifying_group", "text", "(0008,0099) UN", _text_element(0x00080099, "UN")),
    Threat("unknown.group_length", "text", "(0010,0000) as LO", _text_element(0x00100000, "LO")),
    Threat("unknown.command", "text", "(0000,0600) AE", _text_element(0x00000600, "AE")),
    Threat("unknown.meta_in_data", "text", "(0002,0016) AE in the data set", _text_element(0x00020016, "AE")),
    Threat("overlay.first", "bytes, text", "60xx of group 6000", _overlay(0x6000)),
    Threat("overlay.last", "bytes, text", "60xx of group 601E", _overlay(0x601E)),
    Threat("overlay.odd_group", "bytes, text", "60xx of group 6001", _overlay(0x6001)),
    Threat("plane.curve", "bytes, text", "group 5000", _curve),
    Threat("plane.icon", "bytes", "IconImageSequence", _icon),
    Threat("plane.icc_profile", "bytes", "ICCProfile", _element(tag("ICCProfile"), "OB")),
    Threat("plane.palette", "bytes", "RedPaletteColorLookupTableData", _element(0x00281201, "OW")),
    Threat("plane.other_pixels", "bytes", "variable pixel data (7F00,0010)", _element(0x7F000010, "OW")),
    Threat("plane.audio", "bytes", "AudioSampleData (5000,200C)", _element(0x5000200C, "OW")),
    Threat("plane.spectrum", "bytes", "SpectroscopyData", _element(0x56000020, "OF")),
    Threat("plane.graphics", "text", "GraphicAnnotationSequence", _graphics),
    Threat("document.encapsulated", "bytes, text", "EncapsulatedDocument", _document),
    Threat("document.signature", "bytes, uid", "digital signatures and MACs", _signature),
    Threat("document.encrypted", "bytes, uid", "EncryptedAttributesSequence", _encrypted),
    Threat("padding.trailing", "bytes", "DataSetTrailingPadding", _element(0xFFFCFFFC, "OB")),
)  # fmt: skip
