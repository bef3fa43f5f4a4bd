"""The equation, the checks that find what breaks it, and the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from officeflow.company.models import Office
from officeflow.handoff import equation, queries, reports
from officeflow.handoff.actions import discard, mark_accepted, mark_returned
from officeflow.handoff.applying import draining
from officeflow.handoff.equation import Balance
from officeflow.handoff.models import Destination, Handoff, HandoffReceipt, Stream
from officeflow.handoff.registry import PermanentError
from officeflow.staff.models import User
from tests.handoff.conftest import Recorder, post_handed_over

pytestmark = pytest.mark.django_db

DAY = datetime(2026, 3, 2, tzinfo=UTC)


def test_an_empty_office_is_balanced() -> None:
    assert equation.balance() == Balance(posted=0, applied=0, waiting=0, dead=0, discarded=0)


def test_each_handoff_is_counted_once_in_the_equation(recorder: Recorder, maya: User) -> None:
    def failure(handoff: Handoff) -> None:
        if handoff.subject in ("SO-000002", "SO-000003"):
            raise PermanentError("no")

    recorder.failure = failure
    for number in (1, 2, 3):
        post_handed_over(f"SO-00000{number}")
    draining.drain()
    post_handed_over("SO-000004")
    discard(actor=maya, handoff=Handoff.objects.get(subject="SO-000003"), reason="By hand")
    assert equation.balance() == Balance(posted=4, applied=1, waiting=1, dead=1, discarded=1)


def test_a_lost_row_breaks_the_equation_and_its_stream_is_found(recorder: Recorder) -> None:
    post_handed_over("SO-000001")
    post_handed_over("SO-000002")
    Handoff.objects.filter(subject="SO-000001").delete()
    assert not equation.balance().balanced
    assert [str(stream) for stream in equation.unbalanced_streams()] == ["fulfilment SO-000001"]


def test_an_effect_without_its_receipt_breaks_the_equation_and_is_found(recorder: Recorder) -> None:
    post_handed_over("SO-000001")
    draining.drain()
    HandoffReceipt.objects.all().delete()
    assert not equation.balance().balanced
    assert equation.applied_without_receipt().get().subject == "SO-000001"


def test_a_receipt_without_application_breaks_the_equation_and_is_found(recorder: Recorder) -> None:
    post_handed_over("SO-000001")
    HandoffReceipt.objects.create(
        handoff=Handoff.objects.get(), attempt=1, applied_at=timezone.now()
    )
    assert not equation.balance().balanced
    assert equation.receipts_without_application().count() == 1


def test_a_handoff_shows_when_it_was_delivered_and_who_accepted_it(
    recorder: Recorder, femi: User
) -> None:
    post_handed_over("SO-000001")
    draining.drain()
    (receipt,) = queries.receipts_about("SO-000001")
    assert receipt.delivered_at is not None
    assert receipt.delivered_at >= receipt.posted_at
    taken_at = receipt.delivered_at + timedelta(minutes=3)
    mark_accepted(handoff_id=receipt.pk, actor=femi, at=taken_at)
    mark_accepted(handoff_id=receipt.pk, actor=femi, at=taken_at + timedelta(hours=1))
    mark_returned(handoff_id=receipt.pk, at=taken_at + timedelta(hours=2))
    (receipt,) = queries.receipts_about("SO-000001")
    assert (receipt.accepted_at, receipt.accepted_by) == (taken_at, femi)
    assert receipt.returned_at == taken_at + timedelta(hours=2)


def test_the_clocks_count_what_was_posted_in_the_range(recorder: Recorder, office: Office) -> None:
    for number, seconds in enumerate((1, 2, 3, 4, 100)):
        post_handed_over(f"SO-00000{number}")
        draining.drain()
        Handoff.objects.filter(subject=f"SO-00000{number}").update(
            posted_at=DAY + timedelta(hours=number),
            delivered_at=DAY + timedelta(hours=number, seconds=seconds),
        )
    Handoff.objects.filter(subject="SO-000004").update(posted_at=DAY - timedelta(seconds=1))
    line = reports.destination_lines(DAY, DAY + timedelta(days=1), office)[Destination.FULFILMENT]
    assert line.clocks.delivered_p50 == pytest.approx(2.5)
    assert line.clocks.delivered_p95 == pytest.approx(3.85)
    assert line.clocks.accepted_p50 is None


def test_a_destination_shows_its_oldest_waiting_handoff(recorder: Recorder, office: Office) -> None:
    post_handed_over("SO-000001")
    post_handed_over("SO-000002")
    Handoff.objects.filter(subject="SO-000002").update(posted_at=DAY)
    line = reports.destination_lines(DAY, DAY + timedelta(days=1), office)[Destination.FULFILMENT]
    assert (line.waiting, line.oldest_at) == (2, DAY)
    assert Stream.objects.count() == 2
