"""One object written to a file, audited, and its findings by kind."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath
from typing import Any

from mammoset.jobs.audit.examine import Examined, Options, Task, examine
from mammoset.jobs.audit.findings import FAILING, Shown, kinds
from tests.pseudonymize.hostile import Elements, changed, code, item, mammogram, tag

QUIET = Options(text="off")
CLEAN_UID = "2.25.{}"


def conformant() -> Elements:
    """Return a mammogram of which an audit has nothing to say."""
    region = code("76752008", "SCT", "Breast")
    view = code("399162004", "SCT", "cranio-caudal") | {tag("ViewModifierCodeSequence"): ("SQ", b"")}
    return changed(
        mammogram(),
        **{one: ("UI", CLEAN_UID.format(n).encode()) for n, one in enumerate(UIDS, 101)},
        **dict.fromkeys(("StudyDate", "PatientBirthDate"), ("DA", b"")),
        StudyTime=("TM", b""),
        AccessionNumber=("SH", b""),
        StudyID=("SH", b""),
        Manufacturer=("LO", b""),
        ReferringPhysicianName=("PN", b""),
        PatientName=("PN", b"P7K^"),
        PatientID=("LO", b"P7K"),
        PatientSex=("CS", b"F"),
        PatientIdentityRemoved=("CS", b"YES"),
        DeidentificationMethod=("LO", b"rebuilt from a keep-list"),
        SeriesNumber=("IS", b"1"),
        InstanceNumber=("IS", b"1"),
        PatientOrientation=("CS", b"A\\R"),
        AnatomicRegionSequence=("SQ", item(region)),
        ViewCodeSequence=("SQ", item(view)),
        PositionerType=("CS", b"MAMMOGRAPHIC"),
        DetectorType=("CS", b"DIRECT"),
        OrganExposed=("CS", b"BREAST"),
        AcquisitionContextSequence=("SQ", b""),
        BurnedInAnnotation=("CS", b"NO"),
        WindowCenter=("DS", b"2000"),
        WindowWidth=("DS", b"3000"),
        RescaleIntercept=("DS", b"0"),
        RescaleSlope=("DS", b"1"),
        RescaleType=("LO", b"US"),
        LossyImageCompression=("CS", b"00"),
        PresentationLUTShape=("CS", b"IDENTITY"),
    )


UIDS = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
META: Elements = {0x00020003: ("UI", b"2.25.101"), 0x00020012: ("UI", b"2.25.9")}


def judged(data: bytes, folder: Path, *, name: str = "one.dcm", options: Options = QUIET) -> Examined:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return examine(Task(folder, PurePosixPath(name), options))


def found(examined: Examined, kind: str) -> list[str]:
    """Return where findings of a kind are."""
    return [one.where for one in examined.findings if one.kind == kind]


def failing(examined: Examined) -> list[Shown]:
    return [one for one in examined.findings if kinds()[one.kind].severity in FAILING]


def ledger(path: Path, **canaries: Any) -> Path:
    """Write a ledger of texts and bytes by name."""
    entries = [
        {"name": name, "hex": value.hex()} if isinstance(value, bytes) else {"name": name, "text": value}
        for name, value in canaries.items()
    ]
    path.write_text(json.dumps({"canaries": entries}), encoding="utf-8")
    return path
