"""What must be true after every case: I1 to I8, each a function that says what is not.

Each answers with sentences; none of them when all is well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from tests.faults.drill.evidence import Effects, Evidence, Row
from tests.faults.drill.history import History

SLOWEST_P99 = 0.5  # seconds, at the desk while only Redis is faulty
SLOWEST_PUBLISH = 0.35  # seconds: HANDOFF_PUBLISH_TIMEOUT_SECONDS, and what comes of it


@dataclass
class Count:
    """How many effects are missing, and how many are there once too often."""

    lost: int = 0
    twice: int = 0


def one_effect_each(
    history: History, evidence: Evidence, count: Count, besides: Set[str] = frozenset()
) -> Iterator[str]:
    """I1: what was acknowledged has exactly one effect in each destination that it concerns.

    `besides` are orders that no client placed.
    """

    def judge(number: str, found: int, where: str) -> Iterator[str]:
        count.lost += not found
        count.twice += max(0, found - 1)
        if found != 1:
            yield f"I1: {number} has {found} of {where}"

    def all_of(numbers: Iterable[str], effects: Effects, where: str) -> Iterator[str]:
        for number in sorted(numbers):
            yield from judge(number, effects.get(number, 0), where)

    told = {
        what: history.acknowledged(what)
        for what in ("order", "complaint", "payment", "cancellation")
    }
    there = {
        "order": evidence.orders,
        "complaint": set(evidence.complaints),
        "payment": evidence.payments,
    }
    for what, numbers_there in there.items():
        numbers = set().union(*told[what].values())
        for key, several in told[what].items():
            if len(several) > 1:
                count.twice += len(several) - 1
                yield f"I1: the key {key} was told {' and '.join(sorted(several))}"
        for number in sorted(numbers - numbers_there):
            count.lost += 1
            yield f"I1: {number} was acknowledged and is not there"
        unsure = len(history.open_keys(what))
        more = len(numbers_there - numbers - besides)
        if more > unsure:
            count.twice += more - unsure
            yield f"I1: {more} of {what} that nobody was told of, {unsure} keys are unsure"
        if len(numbers) < len(told[what]):
            count.lost += len(told[what]) - len(numbers)
            yield f"I1: {len(told[what])} keys were acknowledged {len(numbers)} of {what}"
    # What nobody was told of has its effects too: it was committed.
    yield from all_of(evidence.orders, evidence.tickets, "ticket in fulfilment")
    yield from all_of(evidence.orders, evidence.invoices, "invoice")
    yield from all_of(evidence.orders, evidence.commissions, "commission")
    yield from all_of(evidence.payments, evidence.entries, "entry in the books")
    yield from all_of(evidence.cancelled, evidence.credits, "credit note")
    yield from all_of(evidence.cancelled, evidence.taken_back, "commission taken back")
    for number, department in sorted(evidence.complaints.items()):
        found = evidence.complaint_tickets.get((number, department), 0)
        yield from judge(number, found, f"ticket in {department}")
        if department == "hr":
            yield from judge(number, evidence.cases.get(number, 0), "conduct case")
    for number in sorted(set().union(*told["cancellation"].values()) - {""}):
        if number not in evidence.cancelled:
            count.lost += 1
            yield f"I1: {number} was said to be cancelled and is not"


def no_effect_without_handoff(evidence: Evidence) -> Iterator[str]:
    """I2: no effect without a committed hand-off that was applied, with its receipt."""
    for words in evidence.stray_effects:
        yield f"I2: {words}, which was not applied"
    for row in evidence.handoffs:
        if (row.state == "applied") != (row.receipts == 1):
            yield f"I2: {row} is {row.state} with {row.receipts} receipts"


def streams(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The hand-offs of each stream in their order."""
    by_stream: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_stream.setdefault((row.destination, row.subject), []).append(row)
    yield from by_stream.values()


def applied_in_order(evidence: Evidence) -> Iterator[str]:
    """I3: each stream is applied in order, and nothing overtakes what is not applied."""
    for stream in streams(evidence.handoffs):
        if [row.sequence for row in stream] != list(range(1, len(stream) + 1)):
            yield f"I3: {stream[0]}: the places are {[row.sequence for row in stream]}"
        for before, after in pairwise(stream):
            if after.delivered_at is None:
                continue
            if before.state not in ("applied", "discarded"):
                yield f"I3: {after} was applied before {before}"
            elif before.delivered_at is not None and before.delivered_at > after.delivered_at:
                yield f"I3: {after} was applied earlier than {before}"


def desk_is_well(history: History, since: float, until: float, *, usual: float) -> Iterator[str]:
    """I4: while only Redis is faulty the desk has no error and p99 stays under half a second.

    Where the machine is so busy with other things that the office is slow anyway (`usual`, seconds:
    the desk just before, or whoever only reads at the same time), it may be slower than that by
    what one notification may take.
    """
    statuses = history.statuses(since, until)
    for status, times in sorted(statuses.items()):
        if status == 0 or status >= 500:
            yield f"I4: {times} answers were {status or 'none at all'}"
    seconds = history.seconds(since, until)
    most = max(SLOWEST_P99, usual + SLOWEST_PUBLISH)
    if not seconds:
        yield "I4: nothing was asked for in that time"
    elif percentile(seconds, 99) >= most:
        yield (
            f"I4: p99 at the desk was {percentile(seconds, 99) * 1000:.0f} ms, "
            f"{usual * 1000:.0f} ms before or for reading"
        )


def answers_are_clean(history: History) -> Iterator[str]:
    """Whatever is broken, the office says yes, no, or 503 with when to ask again."""
    for status, times in sorted(history.statuses().items()):
        if status >= 500 and status != 503:
            yield f"{times} answers were {status}"
    without = [e for e in history.of("unknown") if e.status == 503 and not e.retry_after]
    if without:
        yield f"{len(without)} answers 503 did not say when to ask again"
    refused = [e for e in history.of("refused") if e.status != 409]
    if refused:
        yield f"{len(refused)} answers were {sorted({e.status for e in refused})}"


def percentile(ordered: list[float], percent: float) -> float:
    """Of values in their order, the one that this many percent do not exceed; 0 of none."""
    if not ordered:
        return 0.0
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def books_are_right(evidence: Evidence) -> Iterator[str]:
    """I5: entries balance, money hand-offs have one entry each, numbers have no gap."""
    if evidence.unbalanced:
        yield f"I5: {evidence.unbalanced} entries do not balance"
    for gap in evidence.gaps:
        yield f"I5: numbers have a gap: {gap}"
    for handoff in evidence.money_without_entry:
        yield f"I5: hand-off {handoff} was applied without an entry"
    for handoff in evidence.money_with_more:
        yield f"I5: hand-off {handoff} has more than one entry"


def recovery(evidence: Evidence, healed_at: datetime) -> tuple[float, int]:
    """The longest that a hand-off had to wait once all was well; how many had waited until then.

    A hand-off waits from its posting, from the healing, or from when the one before it in its
    stream was applied, whichever is latest.
    """
    longest, late = 0.0, 0
    for stream in streams(evidence.handoffs):
        ready_at = healed_at
        for row in stream:
            if row.delivered_at is None:
                continue
            since = max(row.posted_at, ready_at)
            longest = max(longest, (row.delivered_at - since).total_seconds())
            late += row.attempts > 1 or row.posted_at < healed_at < row.delivered_at
            ready_at = max(ready_at, row.delivered_at)
    return longest, late


def recovered_in_time(evidence: Evidence, healed_at: datetime, bound: float) -> Iterator[str]:
    """I6: nothing waits longer than promised once all is well."""
    longest, _ = recovery(evidence, healed_at)
    if longest > bound:
        yield f"I6: one was applied {longest:.1f} s after it could be; {bound:.1f} s are promised"


def nothing_waits(evidence: Evidence) -> Iterator[str]:
    """I7: after the drain nothing waits, nothing is dead, and posted is what is there."""
    for row in evidence.handoffs:
        if row.state in ("waiting", "dead"):
            words = row.error or "no error"
            yield f"I7: {row} is {row.state} after {row.attempts} attempts: {words}"
    posted, there = evidence.equation
    if posted != there:
        yield f"I7: {posted} hand-offs were posted and {there} are there"


def everything_is_audited(evidence: Evidence) -> Iterator[str]:
    """I8: every change of a state has its line in the trail."""
    for words in evidence.unaudited:
        yield f"I8: {words}"
