"""The catalog: what goes in comes out; decisions and facts are only ever appended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from mammoset.catalog import Catalog, Decision, ImageRecord, PoolEntry, SplitRun, StudyRecord
from mammoset.catalog.sessions import FEW
from mammoset.catalog.tables import Base
from mammoset.domain.labels import default_labels
from mammoset.domain.workflow import Fact, FactKind
from mammoset.errors import CatalogError, TransitionError
from mammoset.model import Reader
from mammoset.terms.reasons import Outcome, Stage
from tests.builders import images_of, mass, reading, record_of
from tests.databases import new_catalog

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def catalog(tmp_path: Path, database: str) -> Iterator[Catalog]:
    opened = Catalog.open(new_catalog(tmp_path, database))
    yield opened
    opened.close()


def admit(catalog: Catalog, study: int) -> None:
    catalog.admit(StudyRecord(f"2.25.{study}", "P1", 61, "F"), map(record_of, images_of(study, 1)), [])


def test_the_migrations_make_the_tables_that_the_program_expects(catalog: Catalog) -> None:
    found = inspect(catalog.engine)
    for table in Base.metadata.tables.values():
        columns = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}, table.name


def test_a_catalog_from_a_newer_version_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalog.sqlite'}"
    catalog = Catalog.open(url)
    with catalog.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'v9999'"))
    catalog.close()
    with pytest.raises(CatalogError, match="newer than this version of mammoset"):
        Catalog.open(url)


def test_the_latest_decision_about_a_subject_is_in_force(catalog: Catalog) -> None:
    first = Decision(Stage.REVIEW, "2.25.1", Outcome.EXCLUDED, "image_quality", "2.25.100", by="lan", at=MOMENT)
    second = Decision(Stage.REVIEW, "2.25.1", Outcome.KEPT, "", "2.25.100", by="lan", at=MOMENT)
    other = Decision(Stage.REVIEW, "2.25.1", Outcome.KEPT, at=MOMENT)
    catalog.decide([first, other])
    catalog.decide([second])
    assert catalog.decisions(Stage.REVIEW) == [other, second]
    assert catalog.study_decisions(Stage.REVIEW) == {"2.25.1": other}
    assert catalog.decisions(Stage.ACQUIRE) == []


def test_a_study_of_the_pool_keeps_its_place(catalog: Catalog) -> None:
    catalog.put_pool([PoolEntry("b", 0, "pacs"), PoolEntry("a", 1, "pacs")])
    catalog.put_pool([PoolEntry("a", 0, "other"), PoolEntry("c", 2, "pacs")])
    assert [(one.study_id, one.draw, one.source) for one in catalog.pool()] == [
        ("b", 0, "pacs"), ("a", 1, "pacs"), ("c", 2, "pacs"),
    ]  # fmt: skip


def test_studies_come_in_the_order_of_the_draw_with_their_images(catalog: Catalog) -> None:
    catalog.put_pool([PoolEntry("2.25.2", 0, "pacs"), PoolEntry("2.25.1", 1, "pacs")])
    admit(catalog, 1)
    admit(catalog, 2)
    first, second = catalog.studies()
    assert (first.study_id, second.study_id) == ("2.25.2", "2.25.1")
    assert first.is_four_view
    assert first.age_years == 61
    assert set(second.images) == set(images_of(1, 1))
    assert catalog.studies(["2.25.1"]) == [second]


def test_images_of_several_studies_are_read_at_once(catalog: Catalog) -> None:
    for number in (1, 2, 3):
        admit(catalog, number)
    found = catalog.image_records(["2.25.3", "2.25.1", "2.25.9"])
    assert [one.image.study_id for one in found] == ["2.25.1"] * 4 + ["2.25.3"] * 4


def test_a_study_admitted_again_replaces_itself(catalog: Catalog) -> None:
    admit(catalog, 1)
    admit(catalog, 1)
    assert len(catalog.image_records("2.25.1")) == 4


def test_what_is_known_of_an_image_comes_back_as_it_was(catalog: Catalog) -> None:
    image = images_of(1, 1)[0]
    record = ImageRecord(image, 900, (10, 40, 99), "a" * 64, "b" * 64, 1234, ((0, 0, 5, 9),), {"kvp": 28.5})
    catalog.admit(StudyRecord("2.25.1", "P1"), [record], [])
    assert catalog.image_record(image.image_id) == record
    assert catalog.image_record("2.25.404") is None
    assert catalog.study_records()["2.25.1"] == StudyRecord("2.25.1", "P1", None, "")


def test_facts_come_back_in_order_with_their_readings(catalog: Catalog) -> None:
    facts = [
        Fact(FactKind.ASSIGNED, "2.25.1", "r0", MOMENT),
        Fact(FactKind.SUBMITTED, "2.25.1", "r0", MOMENT, reading=reading("2.25.1", "r0", birads=4)),
        Fact(FactKind.ASSIGNED, "2.25.2", "r0", MOMENT),
    ]
    catalog.append(facts)
    found = catalog.facts()
    assert [(one.kind, one.reading) for one in found["2.25.1"]] == [(one.kind, one.reading) for one in facts[:2]]
    assert [one.number for one in found["2.25.1"]] == [1, 2]
    assert found["2.25.1"][0].at == MOMENT
    assert list(catalog.facts("2.25.2")) == ["2.25.2"]


def test_a_fact_about_every_study_is_among_the_facts_of_each(catalog: Catalog) -> None:
    for study_id in ("2.25.1", "", "2.25.2"):
        kind = FactKind.ASSIGNED if study_id else FactKind.PHASE_CLOSED
        catalog.append([Fact(kind, study_id, "r0", MOMENT)])
    kinds = {study_id: [one.kind for one in facts] for study_id, facts in catalog.facts().items()}
    assert kinds == {
        "2.25.1": [FactKind.ASSIGNED, FactKind.PHASE_CLOSED],
        "2.25.2": [FactKind.PHASE_CLOSED, FactKind.ASSIGNED],
    }


def test_a_refused_fact_takes_the_others_with_it(catalog: Catalog) -> None:
    def refuse_second(known: object, fact: Fact) -> None:
        if fact.reader_id == "r1":
            raise TransitionError("no")

    facts = [Fact(FactKind.ASSIGNED, "2.25.1", name, MOMENT) for name in ("r0", "r1")]
    with pytest.raises(TransitionError):
        catalog.append(facts, refuse_second)
    assert catalog.facts() == {}


def test_references_are_derived_from_the_facts(catalog: Catalog) -> None:
    admit(catalog, 1)
    study = catalog.studies()[0]
    for name in ("r0", "r1"):
        answer = reading("2.25.1", name, birads=4, findings=(mass(study),))
        catalog.append([Fact(FactKind.ASSIGNED, "2.25.1", name, MOMENT)])
        assert catalog.references(default_labels()) == {}
        catalog.append([Fact(FactKind.SUBMITTED, "2.25.1", name, MOMENT, reading=answer)])
    catalog.append([Fact(FactKind.ASSIGNED, "2.25.2", "r0", MOMENT)])
    references = catalog.references(default_labels())
    assert references.keys() == {"2.25.1"}
    assert references["2.25.1"].findings == (mass(study),)


def test_people_and_splits_come_back(catalog: Catalog) -> None:
    people = [Reader("a", ("reader", "arbiter"), 14, 10_000), Reader("b", ("reviewer",))]
    for one in people[::-1]:
        catalog.put_reader(one)
    assert catalog.readers() == people
    assert catalog.split() is None
    catalog.save_split(SplitRun({"2.25.1": "test"}, {"seed": 1}, MOMENT))
    catalog.save_split(SplitRun({"2.25.1": "training"}, {"seed": 2}, MOMENT))
    assert catalog.split() == SplitRun({"2.25.1": "training"}, {"seed": 2}, MOMENT)


@pytest.mark.parametrize("number", [3, FEW + 3])
def test_asking_for_some_studies_gives_the_same_as_asking_for_all(catalog: Catalog, number: int) -> None:
    everybody = [f"2.25.{one}" for one in range(1, number + 1)]
    catalog.put_pool(PoolEntry(study_id, draw, "pacs") for draw, study_id in enumerate(everybody))
    for one in (1, 2, 3):
        admit(catalog, one)
    catalog.decide(
        Decision(Stage.REVIEW, f"2.25.{one}", Outcome.KEPT, image_id=image_id, at=MOMENT)
        for one in (1, 2, 3)
        for image_id in ("", f"2.25.{one}000")
    )
    catalog.append(Fact(FactKind.ASSIGNED, f"2.25.{one}", "r1", MOMENT, "reader") for one in (1, 2, 3))
    wanted = [one for one in everybody if one != "2.25.2"]
    assert catalog.in_pool([*wanted, "2.25.9999"]) == set(wanted)
    assert catalog.studies(wanted) == [one for one in catalog.studies() if one.study_id != "2.25.2"]
    decided = [one for one in catalog.decisions(Stage.REVIEW) if one.study_id != "2.25.2"]
    assert catalog.decisions(Stage.REVIEW, wanted) == decided
    assert {one for one in catalog.facts(wanted) if catalog.facts(wanted)[one]} == {"2.25.1", "2.25.3"}
    assert set(catalog.studies_of_images(["2.25.1000", "2.25.3001", "2.25.404"])) == {"2.25.1000", "2.25.3001"}


def test_the_next_place_in_the_draw_is_behind_the_last(catalog: Catalog) -> None:
    assert catalog.next_draw() == 0
    catalog.put_pool([PoolEntry("a", 0, "pacs"), PoolEntry("b", 7, "pacs")])
    assert catalog.next_draw() == 8


def test_the_outcome_of_a_study_is_that_of_the_latest_decision_about_it_as_a_whole(catalog: Catalog) -> None:
    catalog.decide([Decision(Stage.REVIEW, "2.25.1", Outcome.EXCLUDED, "other", at=MOMENT)])
    catalog.decide([Decision(Stage.REVIEW, "2.25.1", Outcome.KEPT, at=MOMENT)])
    catalog.decide([Decision(Stage.REVIEW, "2.25.1", Outcome.EXCLUDED, "other", "2.25.1000", at=MOMENT)])
    catalog.decide([Decision(Stage.PSEUDONYMIZE, "2.25.1", Outcome.FAILED, at=MOMENT)])
    assert catalog.study_outcomes(Stage.REVIEW) == {"2.25.1": Outcome.KEPT}


def test_what_is_checked_before_a_fact_is_its_study_s_history_and_what_is_said_of_all(catalog: Catalog) -> None:
    catalog.append([Fact(FactKind.ASSIGNED, one, "r1", MOMENT, "reader") for one in ("2.25.1", "2.25.2")])
    seen: list[list[tuple[str, str]]] = []

    def check(known: Mapping[str, list[Fact]], fact: Fact) -> None:
        seen.append([(one.study_id, one.kind.value) for one in known[fact.study_id]])

    catalog.append([Fact(FactKind.PHASE_CLOSED, "", "admin", MOMENT)])
    catalog.append([Fact(FactKind.OPENED, "2.25.1", "r1", MOMENT, "reader")], check)
    assert seen == [[("2.25.1", "assigned"), ("", "phase_closed")]]
