"""One case of the drill: load, a fault that fires, healing, drain, judgement."""

from __future__ import annotations

import contextlib
import random
import re
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any

from officeflow.local import processes
from tests.faults.drill import invariants
from tests.faults.drill.evidence import Evidence, Mark
from tests.faults.drill.history import History
from tests.faults.drill.load import Load, Reader
from tests.faults.drill.office import FALLBACK, FRESH, LEASE, SWEEP, Office
from tests.faults.drill.people import Browser
from tests.faults.drill.plugin import FOLDER
from tests.faults.drill.table import Result

# What docs/handoff.md promises, in seconds, with the settings of this office.
NOTIFICATION_LOST = FRESH + SWEEP
WORKERS_GONE = FRESH + FALLBACK + SWEEP
WORKER_KILLED = LEASE + SWEEP
# What two cores that carry everything at once may add: a process to start, and a backlog to apply.
BUSY = 3.0
PACE = 40.0  # hand-offs of a backlog that are applied in a second, however busy the machine
DRAIN_PATIENCE = 45.0


class Trial:
    """What a case has in hand."""

    def __init__(self, office: Office, result: Result, file: IO[str]) -> None:
        self.office = office
        self.result = result
        self.history = History(file, result.case)
        self.random = random.Random(f"{result.seed}/{result.case}")
        self.mark = Mark.now(office)
        self.healed_at: datetime | None = None
        self.backlog = 0  # hand-offs that waited at that moment
        self.counter: Load | None = None
        self.openings = 0
        self.usual = 0.0  # the desk's p99 in seconds without a fault
        self.reader: Reader | None = None
        self.browsers: dict[str, Browser] = {}

    # --- the load ---------------------------------------------------------------------------

    def open_counter(
        self,
        *,
        rate: float = 8.0,
        clients: int = 4,
        most: int = 120,
        failures: dict[str, float] | None = None,
    ) -> None:
        """Clients begin to place orders, complain, pay and cancel, `most` of all together."""
        self.openings += 1  # nobody uses the keys of before
        self.counter = Load(
            port=self.office.port,
            token=self.office.tokens["rita"],
            history=self.history,
            seed=f"{self.result.seed}.{self.openings}",
            clients=clients,
            rate=rate,
            most=most,
            failures=failures,
        )
        self.counter.start()

    def measure_desk(self) -> None:
        """How the desk answers while nothing is wrong, on this machine at this moment.

        From now on somebody looks things up beside it, to see how busy the machine itself is.
        """
        began = time.time()
        self.reader = Reader(self.office.port, self.office.tokens["ravi"])
        self.reader.start()
        self.until_asked(self.acknowledged() + 16)
        self.usual = invariants.percentile(self.history.seconds(began), 99)

    def close_counter(self) -> None:
        """Clients ask for nothing new, and again for what they do not know."""
        if self.counter is not None:
            self.counter.end()
            self.counter = None

    def until_asked(self, times: int, patience: float = 20.0) -> None:
        """Waits until so many things were acknowledged, or the clients have asked for all."""
        processes.wait_until(
            lambda: self.acknowledged() >= times or not self.is_open(), patience, pause=0.05
        )

    def is_open(self) -> bool:
        """Whether a client still has something to ask for."""
        counter = self.counter
        return counter is not None and any(thread.is_alive() for thread in counter.threads)

    def acknowledged(self) -> int:
        """How many things were acknowledged so far."""
        return len(self.history.of("acknowledged"))

    def during(self, seconds: float, do: Callable[[], Any], every: float) -> None:
        """Does something again and again while the load goes on, at uneven intervals."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            do()
            time.sleep(every * self.random.uniform(0.6, 1.4))

    # --- the fault --------------------------------------------------------------------------

    def fired(self, times: int, what: str = "") -> None:
        """How often the fault did its work."""
        self.result.fired += times
        self.result.what = what or self.result.what

    def heal(self) -> None:
        """From now on nothing is wrong any more."""
        self.healed_at = self.office.now()
        self.backlog = self.waiting()

    def poisoned(self, note: str) -> list[int]:
        """The hand-offs to fulfilment of orders that fail in this way."""
        rows = self.office.sql(
            """SELECT h.id FROM handoff_handoff h JOIN frontdesk_order o ON o.number = h.subject
            WHERE h.destination = 'fulfilment' AND h.contract = 'OrderPlaced' AND o.note = %s
            AND h.id > %s""",
            note,
            self.mark.last["handoff"],
        )
        return [row[0] for row in rows]

    def waiting_beside(self, dead: list[int]) -> int:
        """How many hand-offs wait that do not stand behind one of these in its stream."""
        return int(
            self.office.one(
                """SELECT count(*) FROM handoff_handoff WHERE id > %s AND state = 'waiting'
                AND stream_id NOT IN (SELECT stream_id FROM handoff_handoff WHERE id = ANY(%s))""",
                self.mark.last["handoff"],
                dead,
            )
        )

    def replay(self, handoff: int, username: str = "maya") -> tuple[int, str]:
        """An operator sends a dead hand-off again, on its page."""
        browser = self.browsers.get(username)
        if browser is None:
            browser = self.browsers[username] = Browser(self.office.port, username)
        page = f"/dashboards/handoffs/{handoff}/replay/"
        return browser.send(page, {"reason": "Its cause is mended"})

    # --- the judgement ----------------------------------------------------------------------

    def drain(self, patience: float = DRAIN_PATIENCE) -> bool:
        """Closes the counter and waits until nothing waits; whether it came to that."""
        self.close_counter()
        return processes.wait_until(lambda: self.waiting() == 0, patience, pause=0.1)

    def waiting(self) -> int:
        """How many of the case's hand-offs wait."""
        return int(
            self.office.one(
                "SELECT count(*) FROM handoff_handoff WHERE id > %s AND state = 'waiting'",
                self.mark.last["handoff"],
            )
        )

    def judge(
        self,
        *,
        bound: float | None = None,
        desk: tuple[float, float] | None = None,
        problems: list[str] | None = None,
    ) -> None:
        """Drains and looks at everything. Raises `AssertionError` with all that is not as it must.

        `bound` is what is promised from the healing on; `desk` the time in which only Redis was
        faulty, by the machine's clock.
        """
        self.drain()
        found = list(problems or [])
        if not self.result.fired:
            found.append("the fault never fired, so nothing was shown")
        evidence = Evidence.gather(self.office, self.mark)
        healed_at = self.healed_at or datetime.fromtimestamp(0).astimezone()
        found += self._look(evidence, healed_at, bound)
        if desk is not None:
            found += self._look_at_desk(*desk)
        self.result.problems = found
        if found:
            self._keep_logs()
            rest = f"\n… and {len(found) - 30} more" if len(found) > 30 else ""
            raise AssertionError("\n".join(found[:30]) + rest)
        self.result.outcome = "held"

    def _keep_logs(self) -> None:
        """What each part said, and who had what locked, stay beside the history."""
        kept = FOLDER / "logs" / re.sub(r"\W+", "-", self.result.case)
        kept.mkdir(parents=True, exist_ok=True)
        for log in self.office.room.glob("*.log"):
            shutil.copy(log, kept)
        for name in ("pg_stat_activity", "pg_locks"):
            rows = self.office.one(f"SELECT jsonb_pretty(jsonb_agg(found)) FROM {name} AS found")
            (kept / f"{name}.json").write_text(str(rows))

    def _look_at_desk(self, since: float, until: float) -> Iterator[str]:
        assert self.reader is not None
        self.reader.over.set()
        beside = invariants.percentile(self.reader.seconds(since, until), 99)
        usual = max(self.usual, beside)
        yield from invariants.desk_is_well(self.history, since, until, usual=usual)
        p99 = invariants.percentile(self.history.seconds(since, until), 99)
        self.note(
            f"desk's p99 {p99 * 1000:.0f} ms ({self.usual * 1000:.0f} before, "
            f"{beside * 1000:.0f} for reading at the same time)"
        )

    def _look(self, evidence: Evidence, healed_at: datetime, bound: float | None) -> Iterator[str]:
        result = self.result
        count = invariants.Count()
        yield from invariants.one_effect_each(
            self.history, evidence, count, besides=self.office.warmed
        )
        yield from invariants.answers_are_clean(self.history)
        yield from invariants.no_effect_without_handoff(evidence)
        yield from invariants.applied_in_order(evidence)
        yield from invariants.books_are_right(evidence)
        yield from invariants.nothing_waits(evidence)
        yield from invariants.everything_is_audited(evidence)
        if bound is not None:
            result.bound = bound + BUSY + self.backlog / PACE
            yield from invariants.recovered_in_time(evidence, healed_at, result.bound)
        result.seconds, result.recovered = invariants.recovery(evidence, healed_at)
        result.asked = len({event.key for event in self.history.of("acknowledged")})
        result.requests = len(self.history.of("invoked"))
        result.handoffs = len(evidence.handoffs)
        result.attempts = sum(row.attempts for row in evidence.handoffs)
        result.lost, result.twice = count.lost, count.twice

    def note(self, words: str) -> None:
        """Something worth knowing, in the table's last column."""
        self.result.note = "; ".join(filter(None, [self.result.note, words]))

    def end(self) -> None:
        """Whatever came of the case: its clients stop."""
        if self.reader is not None:
            self.reader.over.set()
        if self.counter is not None:
            self.counter.ending.set()
            self.counter.over.set()
            with contextlib.suppress(Exception):
                self.counter.end(patience=0.1)
            self.counter = None
