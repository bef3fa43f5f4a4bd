"""An update of a running office: processes of two versions run at the same time."""

from __future__ import annotations

from pathlib import Path

from officeflow.handoff.applying.claims import MAX_LEFT_SECONDS
from tests.faults.drill.case import WORKER_KILLED, Case
from tests.faults.drill.office import FRESH, PARTS, SWEEP, Office

# Seconds after which a newer worker applies what older ones left, all at once.
LEFT = MAX_LEFT_SECONDS + FRESH + SWEEP + 5
OF_ORDERS = """
SELECT count(*) FILTER (WHERE left_at IS NOT NULL), count(*) FILTER (WHERE state <> 'waiting'),
    coalesce(max(attempts - attempts_forgiven), 0)
FROM handoff_handoff WHERE id > %s AND contract = 'OrderPlaced'
"""


class NextVersion:
    """Restarts parts as processes of the next version, which record the new field."""

    def __init__(self, office: Office, file: Path) -> None:
        self.office = office
        self.before = {part: dict(office.more.get(part, {})) for part in (*PARTS, "worker2")}
        self.more = {
            "DJANGO_SETTINGS_MODULE": "tests.faults.newer_settings",
            "WRAPPED_FILE": str(file),
        }

    def of(self, *parts: str) -> None:
        """Makes these parts start in the next version."""
        for part in parts:
            self.office.more[part] = self.before[part] | self.more

    def comes(self, *parts: str) -> None:
        """Kills these parts and starts them in the next version."""
        self.of(*parts)
        self._restart(*parts)

    def __enter__(self) -> NextVersion:
        return self

    def __exit__(self, *error: object) -> None:
        self.office.more |= self.before
        self._restart(*PARTS)

    def _restart(self, *parts: str) -> None:
        """Restarts parts without a drain, because hand-offs left to a newer version wait."""
        for part in parts:
            self.office.kill(part)
        for part in parts:
            self.office.start_part(part)
        self.office.until(self.office.ready, "the office is ready again")


def wrapped(file: Path) -> dict[int, str]:
    """Returns the new field of each hand-off that newer workers applied."""
    lines = file.read_text().splitlines() if file.exists() else []
    return {int(handoff): words for words, handoff in (line.split() for line in lines)}


def placed(office: Office, case: Case) -> set[int]:
    """Returns the hand-offs `OrderPlaced` to fulfilment of this case."""
    rows = office.sql(
        """SELECT id FROM handoff_handoff
        WHERE id > %s AND contract = 'OrderPlaced' AND destination = 'fulfilment'""",
        case.mark.last["handoff"],
    )
    return {row[0] for row in rows}


def test_new_web_and_old_workers(case: Case, office: Office) -> None:
    """Updated under load, web first: old workers meet contracts that only new ones know"""
    file = office.folder / "wrapped-first"
    with NextVersion(office, file) as newer:
        newer.comes("web")
        case.start_load()
        case.wait_for_acknowledged(30)
        left, done, tried = office.sql(OF_ORDERS, case.mark.last["handoff"])[0]
        case.fired(left, "hand-offs left")
        problems = []
        if done or tried:
            problems.append(f"old workers tried {tried} times and finished {done}")
        # A new worker runs beside the old one, until that ends.
        newer.of("worker2")
        with office.second_process("worker"):
            case.wait_for_acknowledged(case.acknowledged() + 15)
            newer.comes("worker", "sweeper")
        case.heal()
        case.wait_for_acknowledged(case.acknowledged() + 5)
        case.drain()
        found = wrapped(file)
        problems += [f"{pk} has no field" for pk in placed(office, case) - found.keys()]
        problems += [f"{pk} has {words}" for pk, words in found.items() if words != "paper"]
        case.check(bound=LEFT, problems=problems)


def test_old_web_and_new_workers(case: Case, office: Office) -> None:
    """Updated under load, workers first: new workers meet the contracts of an old web"""
    file = office.folder / "wrapped-second"
    case.start_load()
    case.wait_for_acknowledged(5)
    with NextVersion(office, file) as newer:
        newer.comes("worker", "sweeper")
        case.wait_for_acknowledged(case.acknowledged() + 15)
        case.fired(sum(words == "nothing" for words in wrapped(file).values()), "older orders")
        newer.comes("web")
        case.heal()
        case.wait_for_acknowledged(case.acknowledged() + 15)
        case.drain()
        problems = (
            [] if "paper" in wrapped(file).values() else ["no hand-off came from the new web"]
        )
        left = office.sql(OF_ORDERS, case.mark.last["handoff"])[0][0]
        if left:
            problems.append(f"{left} hand-offs were left, though the workers were newer")
        case.check(bound=WORKER_KILLED, problems=problems)
