"""labels.toml: the default is VinDr-Mammo's schema, and a mistake is named with its place and the remedy."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from typing import get_args

import pytest

from mammoset.domain.labels import (
    KEYS,
    BoxRule,
    CategoriesRule,
    DisagreementKind,
    FieldRule,
    UnmatchedRule,
    default_labels,
    default_labels_text,
    parse_labels,
    to_json,
)
from mammoset.errors import ConfigError
from mammoset.terms.findings import FINDING_CATEGORIES, LESION_CATEGORIES


def test_the_default_asks_for_the_categories_of_the_paper_in_its_order() -> None:
    assert default_labels().category_names == FINDING_CATEGORIES


def test_the_default_wants_a_birads_for_lesions_and_none_for_associated_features() -> None:
    schema = default_labels()
    assert tuple(name for name in FINDING_CATEGORIES if schema.needs_birads([name])) == LESION_CATEGORIES


def test_the_default_opens_arbitration_for_recall_birads_density_and_unmatched_findings() -> None:
    assert default_labels().open_arbitration == ("recall", "birads", "density", "unmatched_finding")


def test_only_an_asymmetry_is_visible_once_by_definition() -> None:
    assert [one.name for one in default_labels().categories if one.once_per_breast] == ["Asymmetry"]


def test_every_category_is_defined_in_words() -> None:
    assert all(len(one.definition) >= 15 for one in default_labels().categories)


def test_an_empty_file_means_the_default() -> None:
    assert parse_labels("") == default_labels()


def test_the_default_file_writes_out_every_key_with_its_default() -> None:
    raw = tomllib.loads(default_labels_text())
    for table, keys in KEYS.items():
        shown = raw[table] if table != "category" else {key: 1 for one in raw["category"] for key in one}
        assert set(shown) == set(keys), table


def test_a_project_may_ask_for_other_answers() -> None:
    schema = parse_labels(
        """
        breast.birads = [5, 0, 1, 2, 3, 4, 6]
        breast.densities = ["B", "A"]
        finding.min_box_size = 4
        matching = {iou = 0.5, center = false}
        discordance.open_arbitration = []
        reference = {box = "union", birads = "senior"}
        readers.readers_per_study = 1
        category = [{name = "Lesion", needs_birads = false}]
        """
    )
    assert schema.breast_birads == (0, 1, 2, 3, 4, 5, 6)
    assert schema.densities == ("A", "B")
    assert (schema.matching.iou, schema.matching.center) == (0.5, False)
    assert (schema.reference.box, schema.reference.birads, schema.reference.density) == ("union", "senior", "higher")
    assert (schema.open_arbitration, schema.readers_per_study, schema.min_box_size) == ((), 1, 4)
    assert schema.category_names == ("Lesion",)


def test_a_project_may_ask_for_no_findings_at_all() -> None:
    assert parse_labels("category = []").categories == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[breats]", "unknown key 'breats'; did you mean 'breast'?"),
        ("matching.iuo = 0.2", "unknown key 'matching.iuo'; did you mean 'iou'?"),
        (
            "[[category]]\nname = 'X'\nneeds_brads = true",
            "unknown key 'category[0].needs_brads'; did you mean 'needs_birads'?",
        ),
        ("zzz = 1", "allowed here: breast, finding, matching"),
        ("breast = 3", "'breast' = 3 is not allowed: write it as a table"),
        ("breast.birads = [1, 7]", "'breast.birads' = [1, 7] is not allowed: a list, not empty"),
        ("breast.birads = []", "'breast.birads' = [] is not allowed"),
        ("breast.birads = [true]", "'breast.birads' = [True] is not allowed"),
        ("breast.densities = ['A', 'A']", "without repeats"),
        ("finding.birads = [6]", "finding.birads holds [6], which breast.birads does not allow"),
        ("finding.min_box_size = 0", "a number of pixels, 1 or more"),
        ("finding.min_box_size = nan", "a number of pixels, 1 or more"),
        ("matching.iou = 0", "a number above 0, at most 1"),
        ("matching.center = 1", "true or false"),
        ("reference.box = 'median'", "one of mean, union, senior, first"),
        ("reference.box = [1]", "one of mean, union, senior, first"),
        ("discordance.open_arbitration = ['size']", "a list without repeats of recall"),
        ("readers.readers_per_study = 3", "'readers.readers_per_study' = 3 is not allowed: 1 or 2"),
        ("readers.readers_per_study = true", "1 or 2"),
        ("category = 3", "write each category as [[category]]"),
        ("category = [3]", "'category[0]' = 3 is not allowed"),
        ("[[category]]\ndefinition = 'x'", "'category[0].name' is missing"),
        ('[[category]]\nname = "Paget\'s"', "without quotes"),
        ("[[category]]\nname = 'No Finding'", "is what the tables write for an image without finding"),
        ("[[category]]\nname = 'X'\n[[category]]\nname = 'X'", "'category[1].name' = 'X' is there twice"),
        ("breast", "not valid TOML"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_is_allowed(text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(says)) as caught:
        parse_labels(text, "my labels.toml")
    assert str(caught.value).startswith("my labels.toml: ")


def test_the_words_of_the_file_are_the_words_of_the_types() -> None:
    assert KEYS["reference"]["birads"].read("median") is None
    words = {"birads": FieldRule, "density": FieldRule, "finding_birads": FieldRule, "box": BoxRule}
    words |= {"categories": CategoriesRule, "unmatched_findings": UnmatchedRule}
    for key, type_ in words.items():
        assert KEYS["reference"][key].allowed == f"one of {', '.join(get_args(type_))}"
    kinds = list(get_args(DisagreementKind))
    assert KEYS["discordance"]["open_arbitration"].read(kinds) == tuple(kinds)


def test_a_client_gets_the_whole_schema_as_json() -> None:
    schema = replace(default_labels(), densities=("A", "D"))
    table = json.loads(json.dumps(to_json(schema)))
    assert set(table) == set(KEYS)
    assert table["breast"]["birads"][3] == {"value": 4, "meaning": "suspicious"}
    assert [one["value"] for one in table["breast"]["densities"]] == ["A", "D"]
    assert [one["name"] for one in table["category"]] == list(FINDING_CATEGORIES)
    assert table["discordance"]["open_arbitration"] == list(schema.open_arbitration)


def test_categories_are_put_in_the_order_of_the_schema_once_each() -> None:
    assert default_labels().in_order(["Zebra", "Asymmetry", "Mass", "Mass"]) == ("Mass", "Asymmetry", "Zebra")
