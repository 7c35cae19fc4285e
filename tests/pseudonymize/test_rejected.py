"""What a reviewer rejected is in no file: it is left out, replaced, or refuses the object; the rest stays valid."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from mammoset.errors import RefusedObject
from mammoset.pseudonymize.elements import Pair, elements_of
from mammoset.pseudonymize.options import Options
from mammoset.terms.dicom import HTJ2K_LOSSLESS_RPCL
from tests.pseudonymize.hostile import NAMES, Elements, changed, code, item, mammogram
from tests.pseudonymize.sources import kept, written
from tests.pseudonymize.test_gate import FULL

SWITCHED = Options("fast", None, True, True, True, 1, ("GEMS_SENO_02",))
RICH = changed(
    FULL,
    PartialView="YES",
    PartialViewCodeSequence=("SQ", item(code("255549009", "SCT", "Anterior"))),
    LossyImageCompression="01",
    LossyImageCompressionRatio="12.5",
    LossyImageCompressionMethod="ISO_15444_1",
) | {0x00450010: ("LO", b"GEMS_SENO_02"), 0x00451059: ("IS", b"412")}
PAIRS = elements_of(kept(RICH, SWITCHED), NAMES)


def without(*pairs: Pair, elements: Elements = RICH) -> Dataset:
    return kept(elements, SWITCHED, rejected=frozenset(pairs))


def refused(*pairs: Pair, elements: Elements = RICH) -> RefusedObject:
    with pytest.raises(RefusedObject) as error:
        without(*pairs, elements=elements)
    return error.value


@pytest.mark.real("dciodvfy")
@pytest.mark.parametrize("part", range(4))
def test_whatever_is_rejected_the_file_is_without_it_and_valid_or_refused(
    part: int, tmp_path: Path, dciodvfy_errors: Callable[[Path], list[str]]
) -> None:
    errors, outcomes = {}, set()
    for number, pair in enumerate(PAIRS[part::4]):
        try:
            dataset = without(pair)
        except RefusedObject as error:
            outcomes.add(error.reason)
            continue
        outcomes.add("kept")
        assert pair not in elements_of(dataset, NAMES)
        path = tmp_path / f"{number}.dcm"
        path.write_bytes(written(dataset, RICH))
        errors[pair] = dciodvfy_errors(path)
    assert not {pair: found for pair, found in errors.items() if found}
    assert outcomes == {"rejected_value", "kept"}


def test_an_optional_value_is_left_out_and_only_it() -> None:
    dataset = without(("KVP", "28.5"))
    assert "KVP" not in dataset
    before, after = set(PAIRS), set(elements_of(dataset, NAMES))
    assert before - after == {("KVP", "28.5")}
    assert "KVP" in without(("KVP", "28"), ("Exposure", "28.5"))


def test_a_value_that_may_be_empty_is_emptied() -> None:
    assert not without(("PatientSex", "F")).PatientSex
    assert not without(("DetectorType", "DIRECT")).DetectorType


def test_a_required_value_falls_back_to_what_the_rule_names() -> None:
    elements = changed(FULL, PositionerType="NONE")
    assert without(("PositionerType", "NONE"), elements=elements).PositionerType == "MAMMOGRAPHIC"
    both = ("PositionerType", "NONE"), ("PositionerType", "MAMMOGRAPHIC")
    assert "PositionerType" in refused(*both, elements=elements).detail


@pytest.mark.parametrize(
    "pair",
    [
        ("ImagerPixelSpacing", "0.085\\0.085"),
        ("PixelIntensityRelationship", "LOG"),
        ("ViewCodeSequence.CodeMeaning", "cranio-caudal"),
        ("Rows", "96"),
        ("PatientID", "<pseudonym>"),
        ("PatientOrientation", "A\\R"),
        ("PatientBirthDate", ""),
        ("LossyImageCompressionRatio", "12.5"),
        ("FileMeta.ImplementationVersionName", "MAMMOSET_0_1"),
        ("FileMeta.TransferSyntaxUID", HTJ2K_LOSSLESS_RPCL),
    ],
)
def test_a_mammogram_that_cannot_do_without_is_refused(pair: Pair) -> None:
    error = refused(pair)
    assert error.reason == "rejected_value"
    assert pair[0].split(".")[-1] in error.detail or pair[0].split(".")[0] in error.detail
    assert pair[1] not in error.detail or not pair[1]


def test_a_value_inside_a_sequence_takes_the_whole_sequence_away() -> None:
    dataset = without(("PartialViewCodeSequence.CodeMeaning", "Anterior"))
    assert "PartialViewCodeSequence" not in dataset
    assert "VOILUTSequence" not in without(("VOILUTSequence.LUTExplanation", "LUT2"))


def test_what_means_nothing_without_the_rejected_value_goes_with_it() -> None:
    dataset = without(("WindowWidth", "3000\\1500"))
    assert not {"WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction"} & set(dataset.dir())
    assert "VOILUTSequence" in dataset
    both = ("WindowWidth", "3000\\1500"), ("VOILUTSequence.LUTExplanation", "LUT2")
    assert refused(*both).reason == "rejected_value"
    assert not {"FieldOfViewOrigin", "FieldOfViewHorizontalFlip"} & set(without(("FieldOfViewRotation", "180")).dir())


def test_a_claim_follows_what_reviewers_left() -> None:
    dataset = without(("PatientAge", "054Y"), ("PatientSex", "F"), ("Private.GEMS_SENO_02 (0045,xx59)", "412"))
    assert [one.CodeValue for one in dataset.DeidentificationMethodCodeSequence] == ["113100", "113101"]
    assert not any(one.tag.is_private for one in dataset)


def test_a_value_of_another_image_changes_nothing() -> None:
    assert elements_of(without(("KVP", "31"), ("PatientAge", "047Y")), NAMES) == PAIRS
    assert elements_of(kept(mammogram()), NAMES) == elements_of(
        kept(mammogram(), rejected=frozenset({("KVP", "28.5")})), NAMES
    )
