"""What README.md says of how files were rebuilt, and of how far patients can be told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def rebuilding_words(switches: Mapping[str, Any]) -> Iterator[str]:
    """Yield sentences on what the gate did, from the table ``pseudonymize`` of release.json's settings."""
    yield "Each file was rebuilt from validated values; names, free texts and private texts did not pass."
    if switches["retain_modified_dates"]:
        yield (
            "Study dates were moved back by secret days, one number for each patient, so that the time between two "
            "exams of a patient is kept; times were removed."
        )
    else:
        yield "Dates and times were removed."
    if switches["retain_patient_characteristics"] and switches["age_band"] > 1:
        yield f"Ages are the lower ends of bands of {switches['age_band']} years."
    if switches["retain_size_and_weight"]:
        yield "Size is given to the nearest 5 cm, weight to the nearest 5 kg."
    if switches["private_integers"]:
        yield "Of private attributes only listed integers within a range were kept."
    if switches["text_check"] != "off":
        yield (
            "Burned-in text was looked for; outside the breast it was set to the background, on or near the breast a "
            "person decided."
        )
    if switches["corners"]:
        yield "The corners of each image away from the chest wall, where text is burned in, were set to the background."
    if switches["text_check"] == "off":
        yield "Burned-in text elsewhere was not looked for by program."


def disclosure_words(disclosure: Mapping[str, Any]) -> Iterator[str]:
    """Yield sentences on k-anonymity, from the table ``disclosure`` of release.json."""
    attributes = ", ".join(disclosure["attributes"]) or "nothing"
    yield (
        f"Told of each patient: {attributes}. At least {disclosure['k_anonymity']} patients share each combination "
        f"(k-anonymity {disclosure['k_anonymity']}; the threshold was {disclosure['threshold']})."
    )
    if disclosure["waiver"]:
        yield f"That k is below the threshold was accepted by a person: {disclosure['waiver']}"
