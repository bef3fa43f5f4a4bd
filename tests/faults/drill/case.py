"""One case of the drill: load, a fault, repair, drain and the checks."""

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
from tests.faults.drill.browser import Browser
from tests.faults.drill.database_state import DatabaseState, Mark
from tests.faults.drill.history import History
from tests.faults.drill.load import Load, Reader
from tests.faults.drill.office import FALLBACK, FRESH, LEASE, SWEEP, Office
from tests.faults.drill.plugin import FOLDER
from tests.faults.drill.table import Result

# The bounds that docs/handoff.md promises, in seconds, with the settings of this office.
NOTIFICATION_LOST = FRESH + SWEEP
WORKERS_GONE = FRESH + FALLBACK + SWEEP
WORKER_KILLED = LEASE + SWEEP
# Two cores that run everything at once may need more: to start a process, and for a backlog.
BUSY = 3.0  # seconds
PACE = 40.0  # hand-offs of a backlog that even a busy machine applies in a second
DRAIN_TIMEOUT = 45.0


class Case:
    """The office, the load and the checks of one case."""

    def __init__(self, office: Office, result: Result, file: IO[str]) -> None:
        self.office = office
        self.result = result
        self.history = History(file, result.case)
        self.random = random.Random(f"{result.seed}/{result.case}")
        self.mark = Mark.now(office)
        self.repaired_at: datetime | None = None
        self.backlog = 0  # hand-offs that waited at `repaired_at`
        self.load: Load | None = None
        self.loads = 0
        self.baseline = 0.0  # the web's p99 in seconds without a fault
        self.reader: Reader | None = None
        self.browsers: dict[str, Browser] = {}

    def start_load(
        self,
        *,
        rate: float = 8.0,
        clients: int = 4,
        max_operations: int = 120,
        failures: dict[str, float] | None = None,
    ) -> None:
        """Starts clients that place orders, complain, pay and cancel, `max_operations` in all."""
        self.loads += 1  # so that no key is used again
        self.load = Load(
            port=self.office.port,
            token=self.office.tokens["rita"],
            history=self.history,
            seed=f"{self.result.seed}.{self.loads}",
            clients=clients,
            rate=rate,
            max_operations=max_operations,
            failures=failures,
        )
        self.load.start()

    def measure_baseline(self) -> None:
        """Measures the web's answers without a fault, on this machine at this time.

        A reader starts too; its answers show how busy the machine itself is.
        """
        began = time.time()
        self.reader = Reader(self.office.port, self.office.tokens["ravi"])
        self.reader.start()
        self.wait_for_acknowledged(self.acknowledged() + 16)
        self.baseline = invariants.percentile(self.history.seconds(began), 99)

    def stop_load(self) -> None:
        """Stops new requests; clients still repeat those without a clear answer."""
        if self.load is not None:
            self.load.end()
            self.load = None

    def wait_for_acknowledged(self, times: int, timeout: float = 20.0) -> None:
        """Waits until so many operations are acknowledged or the clients have finished."""
        processes.wait_until(
            lambda: self.acknowledged() >= times or not self.is_open(), timeout, pause=0.05
        )

    def is_open(self) -> bool:
        """Returns whether a client still sends requests."""
        load = self.load
        return load is not None and any(thread.is_alive() for thread in load.threads)

    def acknowledged(self) -> int:
        """Returns the number of operations acknowledged so far."""
        return len(self.history.of("acknowledged"))

    def during(self, seconds: float, do: Callable[[], Any], every: float) -> None:
        """Calls `do` repeatedly for so many seconds, at irregular intervals."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            do()
            time.sleep(every * self.random.uniform(0.6, 1.4))

    def fired(self, times: int, what: str = "") -> None:
        """Records how often the fault happened."""
        self.result.fired += times
        self.result.what = what or self.result.what

    def heal(self) -> None:
        """Records that no fault is active any more."""
        self.repaired_at = self.office.now()
        self.backlog = self.waiting()

    def poisoned(self, note: str) -> list[int]:
        """Returns the hand-offs to fulfilment of the orders with this note."""
        rows = self.office.sql(
            """SELECT h.id FROM handoff_handoff h JOIN frontdesk_order o ON o.number = h.subject
            WHERE h.destination = 'fulfilment' AND h.contract = 'OrderPlaced' AND o.note = %s
            AND h.id > %s""",
            note,
            self.mark.last["handoff"],
        )
        return [row[0] for row in rows]

    def waiting_in_other_streams(self, dead: list[int]) -> int:
        """Returns the number of waiting hand-offs outside the streams of these dead ones."""
        return int(
            self.office.one(
                """SELECT count(*) FROM handoff_handoff WHERE id > %s AND state = 'waiting'
                AND stream_id NOT IN (SELECT stream_id FROM handoff_handoff WHERE id = ANY(%s))""",
                self.mark.last["handoff"],
                dead,
            )
        )

    def replay(self, handoff: int, username: str = "maya") -> tuple[int, str]:
        """Replays a dead hand-off on its page, as an operator; returns status and page."""
        browser = self.browsers.get(username)
        if browser is None:
            browser = self.browsers[username] = Browser(self.office.port, username)
        page = f"/dashboards/handoffs/{handoff}/replay/"
        return browser.send(page, {"reason": "Its cause is repaired"})

    def drain(self, timeout: float = DRAIN_TIMEOUT) -> bool:
        """Stops the load and waits for all hand-offs; returns whether none waits any more."""
        self.stop_load()
        return processes.wait_until(lambda: self.waiting() == 0, timeout, pause=0.1)

    def waiting(self) -> int:
        """Returns the number of the case's waiting hand-offs."""
        return int(
            self.office.one(
                "SELECT count(*) FROM handoff_handoff WHERE id > %s AND state = 'waiting'",
                self.mark.last["handoff"],
            )
        )

    def check(
        self,
        *,
        bound: float | None = None,
        desk: tuple[float, float] | None = None,
        problems: list[str] | None = None,
    ) -> None:
        """Drains and checks all invariants. Raises `AssertionError` with every violation.

        `bound` is the promised time in seconds after `heal`; `desk` the period, in seconds of the
        machine's clock, in which only Redis was faulty.
        """
        self.drain()
        found = list(problems or [])
        if not self.result.fired:
            found.append("the fault never fired, so the case proves nothing")
        state = DatabaseState.read(self.office, self.mark)
        repaired_at = self.repaired_at or datetime.fromtimestamp(0).astimezone()
        found += self._look(state, repaired_at, bound)
        if desk is not None:
            found += self._look_at_desk(*desk)
        self.result.problems = found
        if found:
            self._keep_logs()
            rest = f"\n… and {len(found) - 30} more" if len(found) > 30 else ""
            raise AssertionError("\n".join(found[:30]) + rest)
        self.result.outcome = "held"

    def _keep_logs(self) -> None:
        """Copies the parts' logs and PostgreSQL's locks to the folder of the history."""
        kept = FOLDER / "logs" / re.sub(r"\W+", "-", self.result.case)
        kept.mkdir(parents=True, exist_ok=True)
        for log in self.office.folder.glob("*.log"):
            shutil.copy(log, kept)
        for name in ("pg_stat_activity", "pg_locks"):
            rows = self.office.one(f"SELECT jsonb_pretty(jsonb_agg(found)) FROM {name} AS found")
            (kept / f"{name}.json").write_text(str(rows))

    def _look_at_desk(self, since: float, until: float) -> Iterator[str]:
        assert self.reader is not None
        self.reader.over.set()
        beside = invariants.percentile(self.reader.seconds(since, until), 99)
        baseline = max(self.baseline, beside)
        yield from invariants.desk_is_well(self.history, since, until, baseline=baseline)
        p99 = invariants.percentile(self.history.seconds(since, until), 99)
        self.note(
            f"desk's p99 {p99 * 1000:.0f} ms ({self.baseline * 1000:.0f} before, "
            f"{beside * 1000:.0f} for reading at the same time)"
        )

    def _look(
        self, state: DatabaseState, repaired_at: datetime, bound: float | None
    ) -> Iterator[str]:
        result = self.result
        count = invariants.Count()
        yield from invariants.one_effect_each(
            self.history, state, count, besides=self.office.warm_up_orders
        )
        yield from invariants.answers_are_clean(self.history)
        yield from invariants.no_effect_without_handoff(state)
        yield from invariants.applied_in_order(state)
        yield from invariants.books_are_right(state)
        yield from invariants.nothing_waits(state)
        yield from invariants.everything_is_audited(state)
        if bound is not None:
            result.bound = bound + BUSY + self.backlog / PACE
            yield from invariants.recovered_in_time(state, repaired_at, result.bound)
        result.seconds, result.recovered = invariants.recovery(state, repaired_at)
        result.asked = len({event.key for event in self.history.of("acknowledged")})
        result.requests = len(self.history.of("invoked"))
        result.handoffs = len(state.handoffs)
        result.attempts = sum(row.attempts for row in state.handoffs)
        result.lost, result.twice = count.lost, count.twice

    def note(self, words: str) -> None:
        """Adds a remark to the last column of the table."""
        self.result.note = "; ".join(filter(None, [self.result.note, words]))

    def end(self) -> None:
        """Stops the clients."""
        if self.reader is not None:
            self.reader.over.set()
        if self.load is not None:
            self.load.ending.set()
            self.load.over.set()
            with contextlib.suppress(Exception):
                self.load.end(timeout=0.1)
            self.load = None
