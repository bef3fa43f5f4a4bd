"""The probes: one says that the process lives, the other which part is not ready."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client

from officeflow.handoff.models import Destination, Heartbeat
from officeflow.handoff.monitoring import heartbeat
from officeflow.local.engines import ValkeyEngine

pytestmark = pytest.mark.django_db


@pytest.fixture
def well() -> Iterator[None]:
    """A sweeper and workers for every queue that have just spoken."""
    heartbeat.beat_sweeper()
    heartbeat.beat_worker(Destination.values)
    yield
    heartbeat.broker_client().flushdb()


@pytest.fixture
def another_broker(settings, engine_folder: Path) -> Iterator[ValkeyEngine]:
    """A broker of the test's own, not started."""
    engine = ValkeyEngine(engine_folder / "valkey", engine_folder / "run", {"appendonly": "no"})
    settings.REDIS_URL = engine.url
    heartbeat.broker_client.cache_clear()
    yield engine
    heartbeat.broker_client.cache_clear()
    if engine.running:
        engine.kill()


def test_healthz_answers_while_the_process_lives(client: Client) -> None:
    response = client.get("/healthz", headers={"host": "an-address-of-the-balancer"})
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_readyz_is_200_when_every_part_is_fresh(well: None, client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": "ok",
        "broker": "ok",
        "worker": "ok",
        "sweeper": "ok",
    }
    assert response["Cache-Control"] == "no-store"


def test_readiness_names_queues_without_a_worker(well: None, client: Client) -> None:
    heartbeat.broker_client().delete(heartbeat.KEY.format(queue="hr"))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["worker"] == "no worker for hr"
    assert response.json()["ready"] is False


def test_readiness_reports_a_silent_sweeper(well: None, client: Client) -> None:
    Heartbeat.objects.update(beat_at=Now() - timedelta(seconds=60))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["sweeper"] == "silent for 60 s"
    Heartbeat.objects.all().delete()
    assert client.get("/readyz").json()["sweeper"] == "has not started yet"


def test_readiness_reports_a_lost_broker(
    well: None, another_broker: ValkeyEngine, client: Client
) -> None:
    answer = client.get("/readyz").json()
    assert answer["broker"] == "does not answer"
    assert answer["worker"].startswith("unknown")
    assert answer["database"] == "ok"


def test_a_broker_that_hangs_does_not_hold_it_up(
    well: None, another_broker: ValkeyEngine, client: Client
) -> None:
    import time

    with another_broker:
        another_broker.pause()
        began = time.monotonic()
        assert client.get("/readyz").json()["broker"] == "does not answer"
        assert time.monotonic() - began < 3
        another_broker.resume()


@pytest.mark.django_db(transaction=True)
def test_readiness_reports_a_lost_database(
    well: None, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", str(tmp_path))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "does not answer"
    assert response.json()["sweeper"] == "unknown: the database does not answer"
    monkeypatch.undo()
    heartbeat.beat_sweeper()
    assert client.get("/readyz").json()["database"] == "ok"


def test_readiness_shows_no_error_text(well: None, client: Client) -> None:
    heartbeat.broker_client().flushdb()
    text = client.get("/readyz").content.decode()
    assert "Traceback" not in text
    assert "/" not in text
