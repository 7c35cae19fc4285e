"""The CONSORT flow: every exam of the pool is counted once, and the counts add up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mammoset.domain.flow import Flow, Verdict, consort
from mammoset.domain.workflow import StudyState
from mammoset.terms.reasons import Outcome

STUDIES = [f"s{n}" for n in range(12)]
VERDICTS = st.one_of(
    st.just(Verdict(Outcome.KEPT)),
    st.sampled_from([Verdict(Outcome.EXCLUDED, "missing_views"), Verdict(Outcome.EXCLUDED, "not_mammography")]),
    st.just(Verdict(Outcome.FAILED, "peer_failed")),
    st.just(Verdict(Outcome.NOT_DRAWN, "not_needed")),
)
DECISIONS = st.dictionaries(st.sampled_from(STUDIES), VERDICTS)
STATES = st.dictionaries(st.sampled_from(STUDIES), st.sampled_from(StudyState))


def counts(flow: Flow) -> dict[str, int]:
    return {step.name: step.count for step in flow.steps}


def assert_adds_up(flow: Flow) -> None:
    for step, following in zip(flow.steps, flow.steps[1:], strict=False):
        assert step.count == following.count + sum(one.count for one in step.leaving), step


@given(DECISIONS, DECISIONS, DECISIONS, STATES, st.booleans())
def test_each_step_is_the_next_and_what_leaves(
    acquired: dict[str, Verdict],
    passed: dict[str, Verdict],
    reviewed: dict[str, Verdict],
    states: dict[str, StudyState],
    review_required: bool,
) -> None:
    flow = consort(
        STUDIES, acquired=acquired, passed=passed, reviewed=reviewed, states=states, review_required=review_required
    )
    assert flow.steps[0].count == len(STUDIES)
    assert_adds_up(flow)


def test_a_pool_that_nothing_was_decided_about_waits() -> None:
    flow = consort(STUDIES, acquired={}, passed={}, reviewed={}, states={})
    (leaving,) = flow.steps[0].leaving
    assert (leaving.count, leaving.is_waiting) == (12, True)


def test_an_exam_is_counted_where_it_stopped() -> None:
    kept, missing = Verdict(Outcome.KEPT), Verdict(Outcome.EXCLUDED, "missing_views")
    flow = consort(
        ["final", "reading", "rejected", "incomplete", "let through", "beyond the sample", "broken"],
        acquired={
            "final": kept, "reading": kept, "rejected": kept, "incomplete": missing, "let through": missing,
            "beyond the sample": Verdict(Outcome.NOT_DRAWN, "not_needed"),
            "broken": Verdict(Outcome.FAILED, "peer_failed"),
        },
        passed={"final": kept, "reading": kept, "rejected": kept, "let through": kept},
        reviewed={"final": kept, "reading": kept, "rejected": Verdict(Outcome.EXCLUDED, "visible_identifier")},
        states={"final": StudyState.CONCORDANT, "reading": StudyState.AWAITING_READS},
    )  # fmt: skip
    assert flow.steps[2].label == "acquired, 1 of them incomplete"
    assert counts(flow) == {"pool": 7, "drawn": 6, "acquired": 4, "pseudonymized": 4, "approved": 2, "final": 1}
    gone = {(step.name, one.reason): one.is_waiting for step in flow.steps for one in step.leaving}
    assert gone == {
        ("pool", "not_needed"): False,
        ("drawn", "missing_views"): False,
        ("drawn", "peer_failed"): True,
        ("pseudonymized", "visible_identifier"): False,
        ("pseudonymized", "waiting"): True,
        ("approved", "awaiting_reads"): True,
    }
    assert_adds_up(flow)


def test_withdrawn_exams_count_though_nothing_names_them() -> None:
    flow = consort(STUDIES, acquired={}, passed={}, reviewed={}, states={}, withdrawn=3)
    first = flow.steps[0]
    assert first.count == 15
    left = first.leaving[0]
    assert (left.reason, left.count, left.is_waiting) == ("withdrawn", 3, False)
    assert_adds_up(flow)
