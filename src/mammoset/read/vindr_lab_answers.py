"""Marks of VinDr Lab put together to readings; a reading of which a part cannot be read is none."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mammoset.domain.labels import LabelSchema
from mammoset.domain.vindr_lab import BOX, EVENTS, POLYGON, TAG
from mammoset.model import Box, Breast, Finding, Image, Reading, Study
from mammoset.read.vindr_lab_file import Annotation, LabFile, Uids
from mammoset.read.vindr_lab_labels import LabelMap, Meaning, meaning_of
from mammoset.terms.dicom import Laterality

NO_SIDE = "it is on no image of this exam, so nobody can say of which breast it speaks"
SIDES = {Laterality.L: "left breast", Laterality.R: "right breast"}
CORNERS = {BOX: 2, POLYGON: 3}
"""Form of a mark that has a place, to the corners that it has at least."""


@dataclass(frozen=True, slots=True)
class Mark:
    """An annotation and the exam that it is about.

    Attributes
    ----------
    uids : Uids
        Of its object; its own where the file has no such object.
    image : Image or None
        None where it is on none of the exam's images.
    """

    annotation: Annotation
    study: Study
    uids: Uids
    image: Image | None

    @property
    def side(self) -> Laterality | None:
        """The breast it speaks of: that of its image, or of all images of its series; None where nobody can say."""
        if self.image is not None:
            return self.image.laterality
        sides = {one.laterality for one in self.study.images if one.series_id == self.uids.series}
        return sides.pop() if len(sides) == 1 and not self.uids.sop else None


@dataclass
class Answer:
    """A person's marks on an exam, as a reading.

    Attributes
    ----------
    problems : list of str
        Why it is none; each begins with a place in the file. Empty for a reading.
    """

    study: Study
    creator: str
    task_id: str
    marks: list[Mark]
    reading: Reading
    problems: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        """Where its first mark stands in the file."""
        return self.marks[0].annotation.place

    @property
    def created(self) -> float:
        """When its first mark was made, in ms; 0 where not said."""
        return min(mark.annotation.created for mark in self.marks)


class Interpreter:
    """Makes answers of a file's marks.

    Attributes
    ----------
    counts : Counter
        What was done on the way, by name: ``duplicates``, ``clamped``, ``polygons``, ``ignored_labels``.
    """

    def __init__(self, file: LabFile, schema: LabelSchema, given: LabelMap) -> None:
        self.counts: Counter[str] = Counter()
        self._file, self._schema, self._given = file, schema, given

    @cached_property
    def meanings(self) -> Mapping[str, Meaning | None]:
        """What each label of the file means, by id."""
        labels = self._file.labels
        parents = {one: labels[label.parent_id].name for one, label in labels.items() if label.parent_id in labels}
        return {
            one: meaning_of(label.name, parents.get(one, ""), self._schema, self._given)
            for one, label in labels.items()
        }

    def answer(self, task_id: str, marks: Sequence[Mark], strays: Sequence[str] = ()) -> Answer:
        """Put the marks of one task, at least one, together; `strays` are the places of those on nothing known."""
        problems = [f"{place}: it is of the same task, and nobody can say on which exam" for place in strays]
        kept = self._without_repeats(marks, problems)
        creators = {mark.annotation.creator for mark in kept}
        if len(creators) > 1:
            problems.append(f"{kept[0].annotation.place}: the marks of its task are of several people")
        told: dict[tuple[Laterality, str], set[object]] = defaultdict(set)
        findings = []
        for mark in kept:
            meanings = list(self._meanings_of(mark, problems))
            if mark.annotation.form == TAG:
                self._take_tag(mark, meanings, told, problems)
            elif (found := self._finding(mark, meanings, problems)) is not None:
                findings.append(found)
        creator, study = kept[0].annotation.creator, kept[0].study
        breasts = tuple(_breasts(told, problems, kept[0].annotation.place))
        comment = self._file.comments.get(task_id, "")
        reading = Reading(study.study_id, self._given.people.get(creator, creator), breasts, tuple(findings), comment)
        return Answer(study, creator, task_id, kept, reading, problems)

    def _without_repeats(self, marks: Sequence[Mark], problems: list[str]) -> list[Mark]:
        """Return the marks without those that say the same again; of one that was changed, the newer state."""
        newest: dict[str, Mark] = {}
        for number, mark in enumerate(marks):
            key = mark.annotation.annotation_id or f"without id {number}"
            known = newest.setdefault(key, mark).annotation
            if mark.annotation.created > known.created:
                newest[key] = mark
            elif mark.annotation.created == known.created and mark.annotation.content != known.content:
                problems.append(f"{mark.annotation.place}: it stands there twice and says two things")
        kept = {mark.annotation.content: mark for mark in reversed(newest.values())}
        self.counts["duplicates"] += len(marks) - len(kept)
        return list(reversed(kept.values()))

    def _meanings_of(self, mark: Mark, problems: list[str]) -> Iterator[Meaning]:
        annotation = mark.annotation
        if annotation.event and annotation.event not in EVENTS:
            problems.append(f"{annotation.place}: it was neither created nor updated")
        for one in dict.fromkeys(annotation.label_ids):
            meaning = self.meanings.get(one)
            if one not in self._file.labels:
                problems.append(f"{annotation.place}: one of its labels is not in the file")
            elif meaning is None:
                label = self._file.labels[one]
                problems.append(f"{annotation.place}: nobody says what {label.place} means; name it in the map")
            elif meaning.about == "ignored":
                self.counts["ignored_labels"] += 1
            else:
                yield meaning

    def _take_tag(
        self, mark: Mark, meanings: Sequence[Meaning], told: dict[tuple[Laterality, str], set[object]],
        problems: list[str],
    ) -> None:  # fmt: skip
        place, side = mark.annotation.place, mark.side
        for meaning in meanings:
            if meaning.about == "category":
                problems.append(f"{place}: a category of findings without a box")
            elif side is None:
                problems.append(f"{place}: {NO_SIDE}")
            else:
                told[side, meaning.about].add(meaning.value)

    def _finding(self, mark: Mark, meanings: Sequence[Meaning], problems: list[str]) -> Finding | None:
        place = mark.annotation.place
        by_kind = {about: [one.value for one in meanings if one.about == about] for about in ("category", "birads")}
        birads = [int(one) for one in dict.fromkeys(by_kind["birads"]) if one is not None]
        if any(one.about == "density" for one in meanings):
            problems.append(f"{place}: a density on a box")
        if len(birads) > 1:
            problems.append(f"{place}: two BI-RADS categories on one box")
        box = self._box(mark, problems)
        if box is None or mark.image is None:
            return None
        names = tuple(str(one) for one in by_kind["category"])
        return Finding(mark.image.image_id, box, names, birads[0] if birads else None)

    def _box(self, mark: Mark, problems: list[str]) -> Box | None:
        """Return the box that a mark's corners span, inside its image."""
        place, form, points, image = mark.annotation.place, mark.annotation.form, mark.annotation.points, mark.image
        if image is None:
            problems.append(f"{place}: {NO_SIDE}")
            return None
        if form not in CORNERS or len(points) < CORNERS[form] or (form == BOX and len(points) > CORNERS[BOX]):
            problems.append(f"{place}: neither two corners of a box nor three or more of a polygon")
            return None
        xs, ys = sorted(point.x for point in points), sorted(point.y for point in points)
        drawn = Box(xs[0], ys[0], xs[-1], ys[-1])
        inside = Box(
            _within(xs[0], image.width), _within(ys[0], image.height), _within(xs[-1], image.width),
            _within(ys[-1], image.height),
        )  # fmt: skip
        self.counts["clamped"] += inside != drawn
        self.counts["polygons"] += form == POLYGON
        return inside


def _within(edge: float, limit: int) -> float:
    return min(max(edge, 0.0), float(limit))


def _breasts(told: Mapping[tuple[Laterality, str], set[object]], problems: list[str], place: str) -> Iterator[Breast]:
    """Yield the breasts of which something is said; what is not said of one stays unanswered."""
    for side in Laterality:
        birads, density = told.get((side, "birads"), set()), told.get((side, "density"), set())
        for values, words in ((birads, "BI-RADS categories"), (density, "densities")):
            if len(values) > 1:
                problems.append(f"{place}: {SIDES[side]} has two {words}")
        if birads or density:
            one, other = next(iter(birads), None), next(iter(density), None)
            yield Breast(side, one if isinstance(one, int) else None, None if other is None else str(other))
