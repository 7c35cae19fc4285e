"""An export of VinDr Lab, read as it is: objects, labels and annotations, and where each stands in the file.

Whatever a place of the file should hold and does not is None here; nothing is guessed. VinDr Lab writes ``null`` for
an empty list.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeGuard

from mammoset.domain.readings_json import read_json, require_unique
from mammoset.domain.vindr_lab import KEYS, unmasked
from mammoset.errors import ConfigError

NEEDED = ("finding", "impression", "labels", "objects")


class Point(NamedTuple):
    """A place in an image, in pixels."""

    x: float
    y: float


class Uids(NamedTuple):
    """What an object or an annotation is about; empty where not said."""

    study: str = ""
    series: str = ""
    sop: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A label; `place` says where it stands, say ``labels[3]``."""

    place: str
    name: str
    parent_id: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """A mark of a person.

    Attributes
    ----------
    place : str
        Where it stands, say ``finding[12]``.
    points : tuple of Point
        Corners, unsorted; empty for tags and for data of another form.
    uids : Uids
        Of the annotation itself, without the project's id.
    """

    place: str
    annotation_id: str
    object_id: str
    creator: str
    form: str
    event: str
    created: float
    task_id: str
    label_ids: tuple[str, ...]
    points: tuple[Point, ...]
    uids: Uids

    @property
    def content(self) -> tuple[object, ...]:
        """What it says, whatever its id and time."""
        labels, points = tuple(sorted(self.label_ids)), tuple(sorted(self.points))
        return self.object_id, self.uids, self.creator, self.form, self.task_id, labels, points


@dataclass(frozen=True, slots=True)
class LabFile:
    """An export of VinDr Lab.

    Attributes
    ----------
    objects : mapping of id to Uids
        An id that stands for two different things is not among them.
    comments : mapping of task id to text
    n_archived : int
        Studies that somebody put aside.
    """

    objects: Mapping[str, Uids]
    labels: Mapping[str, Label]
    annotations: tuple[Annotation, ...]
    comments: Mapping[str, str]
    n_archived: int = 0


def read_file(text: str, source: str) -> LabFile:
    """Read an export.

    Raises
    ------
    ConfigError
        If it is no JSON of this form; nothing of the text is quoted.
    """
    value = read_json(text, source)
    require_unique(value, source)
    if not isinstance(value, dict) or not set(NEEDED) <= set(value):
        raise ConfigError(f"{source}: no export of VinDr Lab, which has the keys {', '.join(KEYS)}")
    objects: dict[str, Uids] = {}
    twofold = set()
    for _, one in _records(value, "objects", source):
        found = _uids(_record(one.get("meta")), "")
        if objects.setdefault(_text(one, "id"), found) != found:
            twofold.add(_text(one, "id"))
    labels = {
        _text(one, "id"): Label(place, _text(one, "name"), _text(one, "parent_label_id"))
        for place, one in _records(value, "labels", source)
    }
    marks = [_annotation(*one) for key in ("finding", "impression") for one in _records(value, key, source)]
    comments = {_text(one, "id"): _text(one, "content") for _, one in _records(value, "comments", source)}
    archives = value.get("archives")
    n_archived = len(archives) if isinstance(archives, list) else 0
    known = {one: uids for one, uids in objects.items() if one not in twofold}
    return LabFile(known, labels, tuple(marks), comments, n_archived)


def _records(value: Mapping[str, Any], key: str, source: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    found = value.get(key)
    if found is None:
        return
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ConfigError(f"{source}: '{key}' must be a list of objects, as VinDr Lab writes it")
    for number, one in enumerate(found):
        require_unique(one, f"{source}: {key}[{number}]")
        yield f"{key}[{number}]", one


def _record(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    return value if isinstance(value, str) else ""


def _uids(meta: Mapping[str, Any], prefix: str) -> Uids:
    return Uids(*(_text(meta, f"{prefix}{level}_instance_uid") for level in Uids._fields))


def _annotation(place: str, one: Mapping[str, Any]) -> Annotation:
    project = _text(one, "project_id")
    masked = _uids(_record(one.get("meta")), "masked_")
    labels = one.get("label_ids")
    created = one.get("created")
    return Annotation(
        place=place,
        annotation_id=_text(one, "id"),
        object_id=_text(one, "object_id"),
        creator=_text(one, "creator_name") or _text(one, "creator_id"),
        form=_text(one, "type"),
        event=_text(one, "event"),
        created=created if isinstance(created, int | float) and not isinstance(created, bool) else 0,
        task_id=_text(one, "task_id"),
        label_ids=tuple(str(label) for label in labels) if isinstance(labels, list) else (),
        points=_points(one.get("data")),
        uids=Uids(*(unmasked(project, uid) for uid in masked)),
    )


def _points(data: object) -> tuple[Point, ...]:
    if not isinstance(data, list):
        return ()
    found = [(_record(one).get("x"), _record(one).get("y")) for one in data]
    points = tuple(Point(float(x), float(y)) for x, y in found if _is_number(x) and _is_number(y))
    return points if len(points) == len(found) else ()


def _is_number(value: Any) -> TypeGuard[float]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond every float
        return False
