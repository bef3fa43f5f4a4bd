"""The invariants I1 to I8 that hold after every case, each a function that yields violations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from tests.faults.drill.database_state import DatabaseState, Effects, Row
from tests.faults.drill.history import History

SLOWEST_P99 = 0.5  # seconds, of the web while only Redis is faulty
SLOWEST_PUBLISH = 0.35  # seconds: HANDOFF_PUBLISH_TIMEOUT_SECONDS and some more


@dataclass
class Count:
    """The numbers of missing and of duplicate effects."""

    lost: int = 0
    twice: int = 0


def one_effect_each(
    history: History, state: DatabaseState, count: Count, besides: Set[str] = frozenset()
) -> Iterator[str]:
    """I1: every acknowledged operation has exactly one effect in each of its destinations.

    `besides` are orders that no client placed. Adds to `count`.
    """

    def check_count(number: str, found: int, where: str) -> Iterator[str]:
        count.lost += not found
        count.twice += max(0, found - 1)
        if found != 1:
            yield f"I1: {number} has {found} of {where}"

    def all_of(numbers: Iterable[str], effects: Effects, where: str) -> Iterator[str]:
        for number in sorted(numbers):
            yield from check_count(number, effects.get(number, 0), where)

    told = {
        what: history.acknowledged(what)
        for what in ("order", "complaint", "payment", "cancellation")
    }
    there = {
        "order": state.orders,
        "complaint": set(state.complaints),
        "payment": state.payments,
    }
    for what, numbers_there in there.items():
        numbers = set().union(*told[what].values())
        for key, several in told[what].items():
            if len(several) > 1:
                count.twice += len(several) - 1
                yield f"I1: the key {key} got {' and '.join(sorted(several))}"
        for number in sorted(numbers - numbers_there):
            count.lost += 1
            yield f"I1: {number} was acknowledged and does not exist"
        unsure = len(history.open_keys(what))
        more = len(numbers_there - numbers - besides)
        if more > unsure:
            count.twice += more - unsure
            yield f"I1: {more} of {what} were not acknowledged; {unsure} keys are unknown"
        if len(numbers) < len(told[what]):
            count.lost += len(told[what]) - len(numbers)
            yield f"I1: {len(told[what])} keys were acknowledged {len(numbers)} of {what}"
    # Records that were not acknowledged were committed too and must have their effects.
    yield from all_of(state.orders, state.tickets, "ticket in fulfilment")
    yield from all_of(state.orders, state.invoices, "invoice")
    yield from all_of(state.orders, state.commissions, "commission")
    yield from all_of(state.payments, state.entries, "entry in the books")
    yield from all_of(state.cancelled, state.credits, "credit note")
    yield from all_of(state.cancelled, state.taken_back, "commission taken back")
    for number, department in sorted(state.complaints.items()):
        found = state.complaint_tickets.get((number, department), 0)
        yield from check_count(number, found, f"ticket in {department}")
        if department == "hr":
            yield from check_count(number, state.cases.get(number, 0), "conduct case")
    for number in sorted(set().union(*told["cancellation"].values()) - {""}):
        if number not in state.cancelled:
            count.lost += 1
            yield f"I1: the cancellation of {number} was acknowledged; it is not cancelled"


def no_effect_without_handoff(state: DatabaseState) -> Iterator[str]:
    """I2: every effect has an applied hand-off with a receipt."""
    for words in state.stray_effects:
        yield f"I2: {words}, which was not applied"
    for row in state.handoffs:
        if (row.state == "applied") != (row.receipts == 1):
            yield f"I2: {row} is {row.state} with {row.receipts} receipts"


def streams(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yields the hand-offs of each stream in order."""
    by_stream: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_stream.setdefault((row.destination, row.subject), []).append(row)
    yield from by_stream.values()


def applied_in_order(state: DatabaseState) -> Iterator[str]:
    """I3: the hand-offs of each stream are applied in order."""
    for stream in streams(state.handoffs):
        if [row.sequence for row in stream] != list(range(1, len(stream) + 1)):
            yield f"I3: {stream[0]}: the places are {[row.sequence for row in stream]}"
        for before, after in pairwise(stream):
            if after.delivered_at is None:
                continue
            if before.state not in ("applied", "discarded"):
                yield f"I3: {after} was applied before {before}"
            elif before.delivered_at is not None and before.delivered_at > after.delivered_at:
                yield f"I3: {after} was applied earlier than {before}"


def desk_is_well(history: History, since: float, until: float, *, baseline: float) -> Iterator[str]:
    """I4: while only Redis is faulty, the web has no error and its p99 is below half a second.

    On a busy machine p99 may be `baseline` (the seconds before the fault, or of a client that only
    reads) plus the time of one notification.
    """
    statuses = history.statuses(since, until)
    for status, times in sorted(statuses.items()):
        if status == 0 or status >= 500:
            yield f"I4: {times} answers were {status or 'none at all'}"
    seconds = history.seconds(since, until)
    max_operations = max(SLOWEST_P99, baseline + SLOWEST_PUBLISH)
    if not seconds:
        yield "I4: there were no answers in that time"
    elif percentile(seconds, 99) >= max_operations:
        yield (
            f"I4: p99 of the web was {percentile(seconds, 99) * 1000:.0f} ms, "
            f"{baseline * 1000:.0f} ms before or for reading"
        )


def answers_are_clean(history: History) -> Iterator[str]:
    """Every answer is a success, a conflict, or 503 with a Retry-After."""
    for status, times in sorted(history.statuses().items()):
        if status >= 500 and status != 503:
            yield f"{times} answers were {status}"
    without = [e for e in history.of("unknown") if e.status == 503 and not e.retry_after]
    if without:
        yield f"{len(without)} answers 503 had no Retry-After"
    refused = [e for e in history.of("refused") if e.status != 409]
    if refused:
        yield f"{len(refused)} answers were {sorted({e.status for e in refused})}"


def percentile(ordered: list[float], percent: float) -> float:
    """Returns the percentile of sorted values; 0 when there are none."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def books_are_right(state: DatabaseState) -> Iterator[str]:
    """I5: journal entries balance, every payment has one entry, numbers have no gap."""
    if state.unbalanced:
        yield f"I5: {state.unbalanced} entries do not balance"
    for gap in state.gaps:
        yield f"I5: numbers have a gap: {gap}"
    for handoff in state.money_without_entry:
        yield f"I5: hand-off {handoff} was applied without an entry"
    for handoff in state.money_with_more:
        yield f"I5: hand-off {handoff} has more than one entry"


def recovery(state: DatabaseState, repaired_at: datetime) -> tuple[float, int]:
    """Returns the longest wait after the repair in seconds, and the number of delayed hand-offs.

    A hand-off waits from its posting, from the repair, or from the applying of the one before it in
    its stream, whichever is latest.
    """
    longest, late = 0.0, 0
    for stream in streams(state.handoffs):
        ready_at = repaired_at
        for row in stream:
            if row.delivered_at is None:
                continue
            since = max(row.posted_at, ready_at)
            longest = max(longest, (row.delivered_at - since).total_seconds())
            late += row.attempts > 1 or row.posted_at < repaired_at < row.delivered_at
            ready_at = max(ready_at, row.delivered_at)
    return longest, late


def recovered_in_time(state: DatabaseState, repaired_at: datetime, bound: float) -> Iterator[str]:
    """I6: no hand-off waits longer than `bound` seconds after the repair."""
    longest, _ = recovery(state, repaired_at)
    if longest > bound:
        yield f"I6: a hand-off waited {longest:.1f} s; {bound:.1f} s are promised"


def nothing_waits(state: DatabaseState) -> Iterator[str]:
    """I7: after the drain no hand-off waits or is dead, and all that were posted exist."""
    for row in state.handoffs:
        if row.state in ("waiting", "dead"):
            words = row.error or "no error"
            yield f"I7: {row} is {row.state} after {row.attempts} attempts: {words}"
    posted, there = state.equation
    if posted != there:
        yield f"I7: {posted} hand-offs were posted and {there} exist"


def everything_is_audited(state: DatabaseState) -> Iterator[str]:
    """I8: every change of state has its entry in the audit trail."""
    for words in state.unaudited:
        yield f"I8: {words}"
