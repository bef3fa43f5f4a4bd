"""What the pages of the room show: the files, their rows, how they add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from officeflow.intake.models import Intake, IntakeRow
from officeflow.intake.registry import importer_of, importers_for
from officeflow.intake.states import IntakeState, Outcome

PREVIEWED = 20


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
