"""Sealed payloads: read by the consumer alone and emptied afterwards."""

from __future__ import annotations

import logging
from pathlib import Path

import psycopg2
import psycopg2.errors
import pytest
from django.core import serializers

from officeflow.audit.models import AuditEntry
from officeflow.handoff import queries
from officeflow.handoff.actions import discard, replay
from officeflow.handoff.applying import draining
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.idempotency.models import Submission
from officeflow.local.engines import TEST_SETTINGS, PostgresEngine
from officeflow.staff.models import User
from tests.handoff.conftest import Recorder, note

pytestmark = pytest.mark.django_db

SECRET = "He shouted at me on Tuesday"


def stumble(recorder: Recorder) -> None:
    def failure(handoff: Handoff) -> None:
        raise ValueError(f"cannot file {handoff.payload['reason']}")

    recorder.failure = failure


def test_a_sealed_payload_is_emptied_when_it_is_applied(recorder: Recorder) -> None:
    note("CP-000001", SECRET, is_sealed=True)
    assert Handoff.objects.get().payload["reason"] == SECRET
    draining.drain()
    assert Handoff.objects.get().payload == {}


def test_an_unsealed_payload_is_kept(recorder: Recorder) -> None:
    note("SO-000001", "Changed their mind")
    draining.drain()
    assert Handoff.objects.get().payload["reason"] == "Changed their mind"


def test_a_failed_attempt_keeps_the_sealed_payload(recorder: Recorder) -> None:
    stumble(recorder)
    note("CP-000001", SECRET, is_sealed=True)
    draining.drain()
    assert Handoff.objects.get().payload["reason"] == SECRET


def test_the_error_of_a_sealed_handoff_is_its_type_alone(
    recorder: Recorder, maya: User, caplog: pytest.LogCaptureFixture, settings
) -> None:
    settings.HANDOFF_MAX_ATTEMPTS = 1
    stumble(recorder)
    caplog.set_level(logging.DEBUG)
    note("CP-000001", SECRET, is_sealed=True)
    draining.drain()
    dead = Handoff.objects.get()
    assert dead.state == HandoffState.DEAD
    assert dead.last_error == "ValueError"
    replay(actor=maya, handoff=dead, reason="Try again")
    written = serializers.serialize("json", [*AuditEntry.objects.all(), *Submission.objects.all()])
    for word in ("shouted", "Tuesday"):
        assert word not in caplog.text
        assert word not in written
    assert "handoff.dead" in caplog.text


def test_discarding_keeps_the_sealed_payload(recorder: Recorder, maya: User, settings) -> None:
    settings.HANDOFF_MAX_ATTEMPTS = 1
    stumble(recorder)
    note("CP-000001", SECRET, is_sealed=True)
    draining.drain()
    discard(actor=maya, handoff=Handoff.objects.get(), reason="Wrong department")
    assert Handoff.objects.get().payload["reason"] == SECRET


def test_reads_for_operators_do_not_load_the_payload(recorder: Recorder) -> None:
    note("CP-000001", SECRET, is_sealed=True)
    (row,) = queries.handoffs()
    assert "payload" in row.get_deferred_fields()
    found = queries.find_handoff(row.pk)
    assert found is not None
    assert "payload" in found.get_deferred_fields()


def test_the_servers_own_log_does_not_quote_a_failing_row(engine_folder: Path) -> None:
    with PostgresEngine(engine_folder / "postgres", engine_folder / "run", TEST_SETTINGS) as engine:
        with (
            psycopg2.connect(
                host=str(engine.socket_dir), user="officeflow", dbname="officeflow"
            ) as own,
            own.cursor() as cursor,
        ):
            cursor.execute("CREATE TABLE cases (told text CHECK (length(told) < 5))")
            with pytest.raises(psycopg2.errors.CheckViolation):
                cursor.execute("INSERT INTO cases VALUES (%s)", [SECRET])
        own.close()
        log = engine.log_path.read_text()
    assert "violates check constraint" in log
    assert "shouted" not in log
