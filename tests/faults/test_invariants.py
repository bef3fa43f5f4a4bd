"""The invariants of the drill: each of them finds its violation."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.faults.drill import invariants
from tests.faults.drill.database_state import DatabaseState, Row
from tests.faults.drill.history import History

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def row(sequence: int = 1, **what: Any) -> Row:
    asked: dict[str, Any] = {
        "id": sequence,
        "destination": "fulfilment",
        "subject": "SO-1",
        "sequence": sequence,
        "contract": "OrderPlaced",
        "state": "applied",
        "attempts": 1,
        "posted_at": NOON,
        "delivered_at": NOON + timedelta(seconds=sequence),
        "receipts": 1,
        "error": "",
    }
    return Row(**asked | what)


@pytest.fixture
def whole() -> DatabaseState:
    """One order and one complaint about conduct, with all their effects."""
    return DatabaseState(
        orders={"SO-1"},
        complaints={"CP-1": "hr"},
        payments=set(),
        cancelled=set(),
        tickets={"SO-1": 1},
        invoices={"SO-1": 1},
        commissions={"SO-1": 1},
        entries={},
        credits={},
        taken_back={},
        complaint_tickets={("CP-1", "hr"): 1},
        cases={"CP-1": 1},
        handoffs=[row(1), row(2)],
        stray_effects=[],
        unbalanced=0,
        gaps=[],
        money_without_entry=[],
        money_with_more=[],
        equation=(2, 2),
        unaudited=[],
    )


@pytest.fixture
def history() -> History:
    """Both were acknowledged, the order after its request was repeated."""
    history = History(io.StringIO(), "a case")
    told = {"client": "one", "attempt": 1}
    history.write(event="invoked", what="order", key="a", **told)
    history.write(event="unknown", what="order", key="a", status=503, **told)
    for what, key, number in (("order", "a", "SO-1"), ("complaint", "b", "CP-1")):
        history.write(event="invoked", what=what, key=key, **told)
        history.write(
            event="acknowledged",
            what=what,
            key=key,
            status=201,
            number=number,
            seconds=0.1,
            **told,
        )
    return history


def check(history: History, state: DatabaseState) -> tuple[invariants.Count, list[str]]:
    count = invariants.Count()
    found = [
        *invariants.one_effect_each(history, state, count),
        *invariants.no_effect_without_handoff(state),
        *invariants.applied_in_order(state),
        *invariants.books_are_right(state),
        *invariants.recovered_in_time(state, NOON, 5),
        *invariants.nothing_waits(state),
        *invariants.everything_is_audited(state),
    ]
    return count, found


def test_a_complete_state_has_no_violation(history: History, whole: DatabaseState) -> None:
    assert check(history, whole) == (invariants.Count(0, 0), [])


@pytest.mark.parametrize(
    ("broken", "lost", "twice"),
    [
        ({"tickets": {}}, 1, 0),
        ({"invoices": {"SO-1": 2}}, 0, 1),
        ({"commissions": {"SO-1": 3}}, 0, 2),
        ({"cases": {}}, 1, 0),
        ({"complaint_tickets": {("CP-1", "hr"): 2}}, 0, 1),
        ({"complaints": {}}, 1, 0),
        ({"payments": {"PY-1"}, "entries": {"PY-1": 1}}, 0, 1),
        ({"cancelled": {"SO-1"}, "taken_back": {"SO-1": 1}}, 1, 0),
    ],
)
def test_missing_and_duplicate_effects_are_counted(
    history: History, whole: DatabaseState, broken: dict[str, Any], lost: int, twice: int
) -> None:
    count, found = check(history, replace(whole, **broken))
    assert (count.lost, count.twice) == (lost, twice)
    assert [words[:2] for words in found] == ["I1"]


def test_a_key_with_two_numbers_is_found(history: History, whole: DatabaseState) -> None:
    history.write(
        event="acknowledged", what="order", key="a", number="SO-2", client="one", attempt=2
    )
    count, _ = check(
        history,
        replace(
            whole,
            orders={"SO-1", "SO-2"},
            tickets={"SO-1": 1, "SO-2": 1},
            invoices={"SO-1": 1, "SO-2": 1},
            commissions={"SO-1": 1, "SO-2": 1},
        ),
    )
    assert count.twice == 1


@pytest.mark.parametrize(
    ("broken", "which"),
    [
        ({"stray_effects": ["a ticket of hand-off 7"]}, "I2"),
        ({"handoffs": [row(1, receipts=0)]}, "I2"),
        ({"handoffs": [row(1, state="waiting", receipts=1, delivered_at=None)]}, "I2"),
        ({"handoffs": [row(1), row(3)]}, "I3"),
        ({"handoffs": [row(1), row(2, delivered_at=NOON)]}, "I3"),
        ({"unbalanced": 1}, "I5"),
        ({"gaps": ["INV-2026: 3 documents, last number 4"]}, "I5"),
        ({"money_without_entry": [7]}, "I5"),
        ({"money_with_more": [7]}, "I5"),
        ({"handoffs": [row(1, delivered_at=NOON + timedelta(seconds=6))]}, "I6"),
        ({"handoffs": [row(1, state="waiting", receipts=0, delivered_at=None)]}, "I7"),
        ({"handoffs": [row(1, state="dead", receipts=0, delivered_at=None)]}, "I7"),
        ({"equation": (3, 2)}, "I7"),
        ({"unaudited": ["order SO-1: 2 changes, 1 in the trail"]}, "I8"),
    ],
)
def test_a_violation_of_another_invariant_is_found(
    history: History, whole: DatabaseState, broken: dict[str, Any], which: str
) -> None:
    _, found = check(history, replace(whole, **broken))
    assert which in {words[:2] for words in found}


@pytest.mark.parametrize(
    ("event", "status", "retry_after"),
    [("unknown", 500, ""), ("unknown", 503, ""), ("refused", 403, "")],
)
def test_an_unclean_answer_is_found(
    history: History, event: str, status: int, retry_after: str
) -> None:
    history.events = [each for each in history.events if each.event != "unknown"]
    assert not [*invariants.answers_are_clean(history)]
    fields = {
        "what": "order",
        "key": "c",
        "client": "one",
        "attempt": 1,
        "retry_after": retry_after,
    }
    history.write(event=event, status=status, **fields)
    assert [*invariants.answers_are_clean(history)]


def test_an_error_or_a_slow_answer_of_the_web_is_found(history: History) -> None:
    def told(baseline: float = 0.0) -> list[str]:
        return [words[:2] for words in invariants.desk_is_well(history, 0, 1e12, baseline=baseline)]

    history.events = [event for event in history.events if event.event != "unknown"]
    assert told() == []
    fields = {"event": "acknowledged", "what": "order", "client": "one", "attempt": 1}
    history.write(key="c", status=201, seconds=0.9, **fields)
    assert told() == ["I4"]
    assert told(baseline=0.8) == []  # the machine is that slow anyway
    history.write(key="d", status=503, seconds=0.1, **fields | {"event": "unknown"})
    assert told(baseline=0.8) == ["I4"]
