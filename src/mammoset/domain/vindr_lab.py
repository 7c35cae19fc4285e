"""What VinDr Lab's export and ours have in common: its keys, how things are named in it, and our ids in it.

VinDr Lab gives every project, person, label, task and object an id of its own. Ours follow from what they stand for,
so that the same project gives the same file, and a reading that comes back is known by its task.
"""

from __future__ import annotations

import uuid
from typing import Literal

from mammoset.domain.standing import Role

KEYS = ("archives", "comments", "finding", "impression", "label_groups", "labels", "objects", "studies")
"""Of the file, alphabetical as VinDr Lab writes them; it leaves out none."""

BOX, POLYGON, TAG = "BOUNDING_BOX", "POLYGON", "TAG"
EVENTS = ("CREATED", "UPDATED")

Kind = Literal["project", "person", "label_group", "label", "study", "object", "task", "annotation"]
_IDS = uuid.UUID("6b1f0c52-0d1e-5f0e-9a53-3f1d2a7c4b90")


def id_of(kind: Kind, *names: str) -> str:
    """Return our id for a thing that these names tell from all others of its kind."""
    return str(uuid.uuid5(_IDS, "\n".join((kind, *names))))


def task_id(study_id: str, role: Role, reader_id: str) -> str:
    """Return the id of a person's work at a study in one role."""
    return id_of("task", study_id, role, reader_id)


def masked(project_id: str, uid: str) -> str:
    """Return a UID as VinDr Lab masks it: behind the id of its project."""
    return f"{project_id}.{uid}"


def unmasked(project_id: str, uid: str) -> str:
    """Return a UID without the id of its project; an id holds no point."""
    return uid.removeprefix(f"{project_id}.") if project_id else uid.partition(".")[2]
