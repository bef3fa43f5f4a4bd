"""What the pages of the room show: the files, their rows, how they add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, QuerySet

from officeflow.intake.models import Intake, IntakeRow
from officeflow.intake.registry import importer_of, importers_for
from officeflow.intake.states import IntakeState, Outcome

PREVIEWED = 20
LATEST = 20  # files among which those of today are looked for


def intakes_for(user: Any) -> QuerySet[Intake]:
    """The files of the kinds that somebody may read in; all others are not there for them."""
    kinds = [each.kind for each in importers_for(user)]
    return Intake.objects.filter(kind__in=kinds).select_related("uploaded_by")


def unfinished(*, kind: str, source: str, digest: str) -> Intake | None:
    """The latest intake of exactly this file that can still be begun or gone on with."""
    return (
        Intake.objects.filter(
            kind=kind,
            source=source,
            file_digest=digest,
            state__in=[IntakeState.READY, IntakeState.RUNNING, IntakeState.STOPPED],
        )
        .order_by("-id")
        .first()
    )


def earlier_intake(intake: Intake) -> Intake | None:
    """The latest time that the very same file was read in before, if it was."""
    return (
        Intake.objects.filter(
            kind=intake.kind,
            source=intake.source,
            file_digest=intake.file_digest,
            state=IntakeState.FINISHED,
            id__lt=intake.pk,
        )
        .order_by("-id")
        .first()
    )


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The rows of a file by outcome, counted one by one; `rows` is how many the file had."""

    taken: int
    refused: int
    there: int
    rows: int

    @property
    def is_whole(self) -> bool:
        """Whether no row is missing."""
        return self.taken + self.refused + self.there == self.rows


def tally(intake: Intake) -> Tally:
    """Counts the rows themselves, of a finished file as of one that was only looked through."""
    counted = dict(
        IntakeRow.objects.filter(intake=intake).values_list("outcome").annotate(Count("id"))
    )
    return Tally(
        taken=counted.get(Outcome.TAKEN, 0),
        refused=counted.get(Outcome.REFUSED, 0),
        there=counted.get(Outcome.THERE, 0),
        rows=intake.rows_total,
    )


def rows_of(intake: Intake, outcome: str = "") -> QuerySet[IntakeRow]:
    """The rows in the order of the file, perhaps only those of one outcome."""
    rows = IntakeRow.objects.filter(intake=intake).select_related("unit").order_by("number")
    return rows.filter(outcome=outcome) if outcome else rows


@dataclass(frozen=True, kw_only=True)
class ReadIn:
    """What one file made since a moment, and of which days it tells, where its importer says so
    (`facts["days"]`, the first and the last).
    """

    number: str
    made: dict[str, int]
    first_day: date | None
    last_day: date | None


def read_in_since(kind: str, start: datetime) -> list[ReadIn]:
    """The latest files of a kind that were begun or finished since a moment, newest first."""
    latest = (
        Intake.objects.filter(kind=kind)
        .order_by("-id")
        .values("number", "made", "started_at", "finished_at", "facts__days")[:LATEST]
    )
    found = []
    for each in latest:
        moments = [at for at in (each["started_at"], each["finished_at"]) if at is not None]
        if not moments or max(moments) < start:
            continue
        days = [date.fromisoformat(day) for day in each["facts__days"] or ()]
        found.append(
            ReadIn(
                number=each["number"],
                made=each["made"],
                first_day=days[0] if days else None,
                last_day=days[-1] if days else None,
            )
        )
    return found


@dataclass(frozen=True, kw_only=True)
class Made:
    """How many records of a kind a file made."""

    label: Any
    count: int


def made_by(intake: Intake) -> list[Made]:
    """What the file made so far, in the importer's words and order."""
    labels = importer_of(intake.kind).made_labels
    return [
        Made(label=label, count=intake.made[name])
        for name, label in labels.items()
        if intake.made.get(name)
    ]
