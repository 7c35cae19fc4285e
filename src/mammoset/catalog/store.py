"""The catalog as the stages see it: values in, values out; every write one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, delete, func, select, true

from mammoset.catalog.accounts import Accounts
from mammoset.catalog.approval import Reviewed, ReviewedImage
from mammoset.catalog.connection import connect, migrate, telling
from mammoset.catalog.drafts import Drafts
from mammoset.catalog.events import Events
from mammoset.catalog.facts import ABOUT_ALL, facts_by_study
from mammoset.catalog.records import (
    Decision,
    HeldRegion,
    ImageRecord,
    PoolEntry,
    ReviewFact,
    SplitRun,
    StudyRecord,
)
from mammoset.catalog.review_book import ReviewBook
from mammoset.catalog.rows import (
    IMAGE_COLUMNS,
    decision_of,
    decision_to_row,
    fact_to_row,
    image_of,
    image_record_of,
    image_to_row,
    reader_of,
    region_to_row,
    review_fact_to_row,
)
from mammoset.catalog.sessions import Sessions, among, plain_rows, wanted_ids
from mammoset.catalog.tables import (
    DecisionRow,
    HeldRegionRow,
    ImageRow,
    PoolRow,
    ReaderRow,
    SplitRow,
    StudyRow,
)
from mammoset.domain.duplicates import Picture
from mammoset.domain.labels import LabelSchema
from mammoset.domain.review import ReviewState, SecondLooks, Standing
from mammoset.domain.workflow import Fact, reference_of
from mammoset.model import Image, Reader, Reference, Study
from mammoset.terms.reasons import Outcome, Stage

NO_SECOND_LOOKS = SecondLooks()


class Catalog(Sessions):
    """An open catalog. Safe to use from several threads and processes; each call is one transaction."""

    @classmethod
    def open(cls, url: str, *, may_begin: bool = True) -> Catalog:
        """Open the database at a URL, bringing it to the newest schema; as `migrate`."""
        engine = connect(url)
        try:
            with telling(engine):
                migrate(engine, may_begin=may_begin)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    @cached_property
    def review_book(self) -> ReviewBook:
        """What a person must look at, and what was said of it."""
        return ReviewBook(self.engine)

    @cached_property
    def accounts(self) -> Accounts:
        """How people sign in, and who is signed in."""
        return Accounts(self.engine)

    @cached_property
    def drafts(self) -> Drafts:
        """Answers in the making, and turns at a study."""
        return Drafts(self.engine)

    @cached_property
    def events(self) -> Events:
        """What people did in the reading room."""
        return Events(self.engine)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    # -- the pool and the decisions ------------------------------------------------------------------------------

    def put_pool(self, entries: Iterable[PoolEntry]) -> None:
        """Add studies to the pool; one that is there keeps its place in the draw."""
        new = list(entries)
        with self.writing() as session:
            wanted = among(PoolRow.study_id, {entry.study_id for entry in new})
            known = set(session.scalars(select(PoolRow.study_id).where(wanted)))
            for entry in new:
                if entry.study_id not in known:
                    known.add(entry.study_id)
                    session.add(PoolRow(study_id=entry.study_id, draw=entry.draw, source=entry.source))

    def pool(self) -> list[PoolEntry]:
        """Return the pool in the order of the draw."""
        with self.reading() as session:
            rows = plain_rows(session, select(PoolRow.__table__).order_by(PoolRow.draw, PoolRow.study_id))
            return [PoolEntry(row.study_id, row.draw, row.source) for row in rows]

    def in_pool(self, study_ids: Collection[str]) -> set[str]:
        """Return those of these studies that are in the pool."""
        wanted = set(study_ids)
        with self.reading() as session:
            rows = plain_rows(session, select(PoolRow.study_id).where(among(PoolRow.study_id, wanted)))
            return {row.study_id for row in rows} & wanted

    def next_draw(self) -> int:
        """Return the first place in the draw behind the pool's."""
        with self.reading() as session:
            last = session.scalar(select(func.max(PoolRow.draw)))
            return 0 if last is None else last + 1

    def decide(self, decisions: Iterable[Decision]) -> None:
        """Append decisions; all or none."""
        with self.writing() as session:
            session.add_all([decision_to_row(decision) for decision in decisions])

    def decisions(self, stage: Stage | None = None, study_id: str | Collection[str] | None = None) -> list[Decision]:
        """Return the decisions in force, oldest first: of each stage and subject the latest one.

        Parameters
        ----------
        stage : Stage or None
            None gives those of every stage.
        study_id : str, collection of str, or None
            One study, several, or all.
        """
        wanted = wanted_ids(study_id)
        rows = self._latest(_is_of(stage), among(DecisionRow.study_id, wanted))
        return [decision_of(row) for row in rows if wanted is None or row.study_id in wanted]

    def study_decisions(self, stage: Stage) -> dict[str, Decision]:
        """Return what a stage decided about each study as a whole."""
        return {row.study_id: decision_of(row) for row in self._latest(_is_of(stage), DecisionRow.image_id == "")}

    def study_outcomes(self, stage: Stage) -> dict[str, Outcome]:
        """Return the outcome alone of what a stage decided about each study as a whole."""
        latest = _latest(_is_of(stage), DecisionRow.image_id == "")
        query = select(DecisionRow.study_id, DecisionRow.outcome).where(DecisionRow.number.in_(latest))
        with self.reading() as session:
            return {row.study_id: Outcome(row.outcome) for row in plain_rows(session, query)}

    def _latest(self, *conditions: ColumnElement[bool]) -> list[Row[Any]]:
        query = select(DecisionRow.__table__).where(DecisionRow.number.in_(_latest(*conditions)))
        with self.reading() as session:
            return plain_rows(session, query.order_by(DecisionRow.number))

    # -- what passed the gate ------------------------------------------------------------------------------------

    def admit(self, study: StudyRecord, images: Iterable[ImageRecord], decisions: Iterable[Decision]) -> None:
        """Record a study that passed the gate, its images and the decisions about them, in one transaction."""
        with self.writing() as session:
            row = StudyRow(
                study_id=study.study_id, patient_id=study.patient_id, age_years=study.age_years, sex=study.sex
            )
            session.merge(row)
            session.execute(delete(ImageRow).where(ImageRow.study_id == study.study_id))
            session.execute(delete(HeldRegionRow).where(HeldRegionRow.study_id == study.study_id))
            session.flush()
            session.add_all([image_to_row(record) for record in images])
            session.add_all([decision_to_row(decision) for decision in decisions])

    def dismiss(self, study_id: str, decisions: Iterable[Decision], regions: Iterable[HeldRegion] = ()) -> None:
        """Record that a study does not pass the gate, or waits for decisions about regions, in one transaction.

        What passed of the study before is in the catalog no longer.
        """
        with self.writing() as session:
            for table in (HeldRegionRow, ImageRow, StudyRow):
                session.execute(delete(table).where(table.study_id == study_id))
            session.add_all([region_to_row(region) for region in regions])
            session.add_all([decision_to_row(decision) for decision in decisions])

    def studies(self, study_ids: Iterable[str] | None = None) -> list[Study]:
        """Return the studies that passed the gate, with their images, in the order of the draw."""
        wanted = None if study_ids is None else set(study_ids)
        query = (
            select(StudyRow.study_id, StudyRow.patient_id, StudyRow.age_years, PoolRow.draw)
            .outerjoin(PoolRow, PoolRow.study_id == StudyRow.study_id)
            .where(among(StudyRow.study_id, wanted))
            .order_by(PoolRow.draw, StudyRow.study_id)
        )
        columns = [getattr(ImageRow, name) for name in IMAGE_COLUMNS]
        of_images = select(*columns).where(among(ImageRow.study_id, wanted)).order_by(ImageRow.image_id)
        with self.reading() as session:
            images: dict[str, list[Image]] = defaultdict(list)
            for row in plain_rows(session, of_images):
                if wanted is None or row.study_id in wanted:
                    images[row.study_id].append(image_of(row))
            return [
                Study(row.study_id, row.patient_id, tuple(images[row.study_id]), row.draw or 0, row.age_years)
                for row in plain_rows(session, query)
                if wanted is None or row.study_id in wanted
            ]

    def studies_of_images(self, image_ids: Collection[str]) -> dict[str, Study]:
        """Return the study of each of these images; an image that is not in the catalog is not in the result."""
        wanted = set(image_ids)
        query = select(ImageRow.image_id, ImageRow.study_id).where(among(ImageRow.image_id, wanted))
        with self.reading() as session:
            study_of = {row.image_id: row.study_id for row in plain_rows(session, query) if row.image_id in wanted}
        studies = {study.study_id: study for study in self.studies(study_of.values())}
        return {image_id: studies[study_id] for image_id, study_id in study_of.items()}

    def study_records(self) -> dict[str, StudyRecord]:
        """Return age and sex of the studies that passed the gate, by study."""
        with self.reading() as session:
            rows = plain_rows(session, select(StudyRow.__table__))
            return {row.study_id: StudyRecord(row.study_id, row.patient_id, row.age_years, row.sex) for row in rows}

    def image_records(self, study_id: str | Collection[str] | None = None) -> list[ImageRecord]:
        """Return the images that passed the gate, of one study, several or all, with what is known of their files."""
        wanted = wanted_ids(study_id)
        query = select(ImageRow.__table__).where(among(ImageRow.study_id, wanted))
        with self.reading() as session:
            rows = plain_rows(session, query.order_by(ImageRow.study_id, ImageRow.image_id))
            return [image_record_of(row) for row in rows if wanted is None or row.study_id in wanted]

    def shared_pictures(self) -> list[Picture]:
        """Return the images whose pixels, as they passed the gate, are also those of another image."""
        shared = select(ImageRow.pixel_sha256).group_by(ImageRow.pixel_sha256).having(func.count() > 1)
        columns = (ImageRow.image_id, ImageRow.study_id, ImageRow.patient_id, ImageRow.pixel_sha256)
        query = select(*columns).where(ImageRow.pixel_sha256.in_(shared)).order_by(ImageRow.image_id)
        with self.reading() as session:
            return [Picture(*row) for row in session.execute(query)]

    def image_record(self, image_id: str) -> ImageRecord | None:
        """Return one image, None when there is none of that id."""
        with self.reading() as session:
            row = session.get(ImageRow, image_id)
            return None if row is None else image_record_of(row)

    def approved_studies(self, *, review_required: bool, second: SecondLooks = NO_SECOND_LOOKS) -> list[Study]:
        """Return the studies that may be read; stages ask `Project.approved_studies`, which knows the settings."""
        return self.studies(self.approved_study_ids(review_required=review_required, second=second))

    def approved_study_ids(self, *, review_required: bool, second: SecondLooks = NO_SECOND_LOOKS) -> list[str]:
        """Return the ids of the studies that may be read, sorted: passed by the gate and not rejected in review.

        Where review is required, each image must be approved as it is now, by a second person too where it is drawn,
        and so must every value that the files hold.
        """
        passed = self.study_outcomes(Stage.PSEUDONYMIZE)
        found = [study_id for study_id, outcome in passed.items() if outcome == Outcome.KEPT]
        decided = self.study_outcomes(Stage.REVIEW)
        if not review_required:
            return sorted(study_id for study_id in found if decided.get(study_id) != Outcome.EXCLUDED)
        standings = self.review_standings(second)
        approved = {one for one, outcome in decided.items() if outcome == Outcome.KEPT} - standings.keys()
        approved |= {one for one, now in standings.items() if now.state == ReviewState.APPROVED}
        return sorted(approved.intersection(found))

    def excluded_study_ids(self) -> set[str]:
        """Return the ids of the studies that the review has left out."""
        return {one for one, outcome in self.study_outcomes(Stage.REVIEW).items() if outcome == Outcome.EXCLUDED}

    def reviewed_images(self, second: SecondLooks, study_ids: Collection[str] | None = None) -> list[ReviewedImage]:
        """Return the images of studies, or all, with what was said of each in review."""
        return Reviewed(self.engine).images(second, study_ids)

    def review_standings(self, second: SecondLooks, study_ids: Collection[str] | None = None) -> dict[str, Standing]:
        """Return what holds in review of each study, or of these, that has images."""
        return Reviewed(self.engine).standings(second, study_ids)

    def say(self, decisions: Iterable[Decision], facts: Iterable[ReviewFact]) -> None:
        """Append what reviewers said, decisions about images and exams and facts about the rest; all or none."""
        with self.writing() as session:
            session.add_all([decision_to_row(decision) for decision in decisions])
            session.add_all([review_fact_to_row(fact) for fact in facts])

    # -- readers and facts ---------------------------------------------------------------------------------------

    def put_reader(self, reader: Reader) -> None:
        """Add a reader, or replace what is known of one."""
        row = ReaderRow(
            reader_id=reader.reader_id, roles=list(reader.roles), years_experience=reader.years_experience,
            annual_volume=reader.annual_volume, is_available=reader.is_available, workload_cap=reader.workload_cap,
        )  # fmt: skip
        with self.writing() as session:
            session.merge(row)

    def readers(self) -> list[Reader]:
        """Return everybody who reads, arbitrates or reviews, by name."""
        with self.reading() as session:
            rows = session.scalars(select(ReaderRow).order_by(ReaderRow.reader_id))
            return [reader_of(row) for row in rows]

    def append(
        self, facts: Iterable[Fact], check: Callable[[Mapping[str, list[Fact]], Fact], None] | None = None, *,
        decisions: Iterable[Decision] = (), said: Iterable[ReviewFact] = (),
    ) -> None:  # fmt: skip
        """Append facts of the reading workflow, and what goes with them; all or none.

        Parameters
        ----------
        facts : iterable of Fact
        check : callable or None
            Called inside the transaction, before each fact, with the facts so far of the studies that the new facts
            are about (of every study where one is about all), and the new fact; it raises when the workflow does not
            allow it, and nothing is written.
        decisions, said
            As in `say`: what reviewers said, by which the facts came about.
        """
        new = list(facts)
        named = {fact.study_id for fact in new}
        with self.writing() as session:
            known = facts_by_study(session, None if ABOUT_ALL in named else named) if check else {}
            for fact in new:
                if check is not None:
                    check(known, fact)
                    known[fact.study_id].append(fact)
                session.add(fact_to_row(fact))
            session.add_all([decision_to_row(decision) for decision in decisions])
            session.add_all([review_fact_to_row(fact) for fact in said])

    def facts(self, study_id: str | Collection[str] | None = None) -> dict[str, list[Fact]]:
        """Return the facts of one study, several or all, by study, oldest first; an absent study has none."""
        with self.reading() as session:
            return facts_by_study(session, wanted_ids(study_id))

    def references(self, schema: LabelSchema) -> dict[str, Reference]:
        """Return the final answers, by study, of the studies that have one.

        Raises
        ------
        ConfigError
            If labels.toml settles a difference by the senior reader and the readers' experience is not known.
        """
        experience = {one.reader_id: one.years_experience for one in self.readers()}
        images, out = {study.study_id: study.images for study in self.studies()}, self.excluded_study_ids()
        derived = {
            study_id: reference_of(facts, schema, images=images.get(study_id, ()), experience=experience)
            for study_id, facts in self.facts().items()
            if study_id not in out
        }
        return {study_id: reference for study_id, reference in derived.items() if reference is not None}

    # -- the split -----------------------------------------------------------------------------------------------

    def save_split(self, run: SplitRun) -> None:
        """Append a run of the split; the latest is in force."""
        with self.writing() as session:
            session.add(SplitRow(folds=dict(run.folds), report=dict(run.report), at=run.at))

    def split(self) -> SplitRun | None:
        """Return the split in force, None before the first."""
        with self.reading() as session:
            row = session.scalars(select(SplitRow).order_by(SplitRow.number.desc()).limit(1)).first()
            return None if row is None else SplitRun(row.folds, row.report, row.at)


def _is_of(stage: Stage | None) -> ColumnElement[bool]:
    return true() if stage is None else DecisionRow.stage == stage.value


def _latest(*conditions: ColumnElement[bool]) -> Select[int]:
    """Return the query for the numbers of the decisions in force."""
    subject = (DecisionRow.stage, DecisionRow.study_id, DecisionRow.image_id)
    return select(func.max(DecisionRow.number)).where(*conditions).group_by(*subject)
