"""An office is brought up to date while it is open: processes of two versions beside each other."""

from __future__ import annotations

from pathlib import Path

from officeflow.handoff.applying.claims import MAX_LEFT_SECONDS
from tests.faults.drill.office import FRESH, PARTS, SWEEP, Office
from tests.faults.drill.trial import WORKER_KILLED, Trial

# A newer worker looks at what was left after this long at the latest. All that was left comes at
# once, while new orders come as before.
LEFT = MAX_LEFT_SECONDS + FRESH + SWEEP + 5
OF_ORDERS = """
SELECT count(*) FILTER (WHERE left_at IS NOT NULL), count(*) FILTER (WHERE state <> 'waiting'),
    coalesce(max(attempts - attempts_forgiven), 0)
FROM handoff_handoff WHERE id > %s AND contract = 'OrderPlaced'
"""


class NextVersion:
    """The processes that are of the next version; they note what their orders are wrapped in."""

    def __init__(self, office: Office, file: Path) -> None:
        self.office = office
        self.before = {part: dict(office.more.get(part, {})) for part in (*PARTS, "worker2")}
        self.more = {
            "DJANGO_SETTINGS_MODULE": "tests.faults.newer_settings",
            "WRAPPED_FILE": str(file),
        }

    def of(self, *parts: str) -> None:
        """These are, when they start the next time."""
        for part in parts:
            self.office.more[part] = self.before[part] | self.more

    def comes(self, *parts: str) -> None:
        """These are killed, and are of the next version when they come back."""
        self.of(*parts)
        self._restart(*parts)

    def __enter__(self) -> NextVersion:
        return self

    def __exit__(self, *error: object) -> None:
        self.office.more |= self.before
        self._restart(*PARTS)

    def _restart(self, *parts: str) -> None:
        """Without waiting until nothing waits: what is left to a newer version does."""
        for part in parts:
            self.office.kill(part)
        for part in parts:
            self.office.start_part(part)
        self.office.until(self.office.ready, "the office is ready again")


def wrapped(file: Path) -> dict[int, str]:
    """What the newer workers found that each hand-off of an order said."""
    lines = file.read_text().splitlines() if file.exists() else []
    return {int(handoff): words for words, handoff in (line.split() for line in lines)}


def placed(office: Office, trial: Trial) -> set[int]:
    """The hand-offs of the case that told fulfilment of an order."""
    rows = office.sql(
        """SELECT id FROM handoff_handoff
        WHERE id > %s AND contract = 'OrderPlaced' AND destination = 'fulfilment'""",
        trial.mark.last["handoff"],
    )
    return {row[0] for row in rows}


def test_new_web_and_old_workers(trial: Trial, office: Office) -> None:
    """Brought up to date under load, web first: old workers meet what only new ones know"""
    file = office.room / "wrapped-first"
    with NextVersion(office, file) as newer:
        newer.comes("web")
        trial.open_counter()
        trial.until_asked(30)
        left, done, tried = office.sql(OF_ORDERS, trial.mark.last["handoff"])[0]
        trial.fired(left, "hand-offs left")
        problems = []
        if done or tried:
            problems.append(f"old workers tried {tried} times and made an end of {done}")
        # A new worker beside the old one, until that has gone.
        newer.of("worker2")
        with office.second("worker"):
            trial.until_asked(trial.acknowledged() + 15)
            newer.comes("worker", "sweeper")
        trial.heal()
        trial.until_asked(trial.acknowledged() + 5)
        trial.drain()
        found = wrapped(file)
        problems += [f"{pk} said nothing of paper" for pk in placed(office, trial) - found.keys()]
        problems += [f"{pk} said {words}" for pk, words in found.items() if words != "paper"]
        trial.judge(bound=LEFT, problems=problems)


def test_old_web_and_new_workers(trial: Trial, office: Office) -> None:
    """Brought up to date under load, workers first: new workers meet what an old web says"""
    file = office.room / "wrapped-second"
    trial.open_counter()
    trial.until_asked(5)
    with NextVersion(office, file) as newer:
        newer.comes("worker", "sweeper")
        trial.until_asked(trial.acknowledged() + 15)
        trial.fired(sum(words == "nothing" for words in wrapped(file).values()), "older orders")
        newer.comes("web")
        trial.heal()
        trial.until_asked(trial.acknowledged() + 15)
        trial.drain()
        problems = [] if "paper" in wrapped(file).values() else ["the new web was not heard"]
        left = office.sql(OF_ORDERS, trial.mark.last["handoff"])[0][0]
        if left:
            problems.append(f"{left} hand-offs were left, though the workers were newer")
        trial.judge(bound=WORKER_KILLED, problems=problems)
