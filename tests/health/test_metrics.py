"""The monitor's page: true figures for whoever may have them; nothing of what they are about."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import yaml
from django.conf import settings
from django.db import connection
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from officeflow import broker
from officeflow.handoff.applying import draining
from officeflow.handoff.maintenance import balance_checkpoint
from officeflow.handoff.models import Destination, Handoff, HandoffReceipt
from officeflow.handoff.monitoring import counters, heartbeat
from officeflow.handoff.monitoring.counters import REPEATED_NOTIFICATIONS, count
from officeflow.handoff.registry import PermanentError
from tests.handoff.conftest import Recorder, post_handed_over, recorder  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db

Figures = dict[tuple[str, ...], float]


def read(client: Client, **how: object) -> Figures:
    """What the page says, as a monitor reads it."""
    response = client.get("/metrics", **how)
    assert response.status_code == 200, response.content
    assert response["Cache-Control"] == "no-store"
    return {
        (sample.name.removeprefix("officeflow_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(response.content.decode())
        for sample in family.samples
    }


@pytest.fixture
def monitor() -> Client:
    """A program on this machine, before anything was counted."""
    counters.unwritten.clear()
    return Client(headers={"host": "127.0.0.1:8000"})


def test_each_destination_is_counted(monitor: Client, recorder: Recorder) -> None:  # noqa: F811
    def failure(handoff: Handoff) -> None:
        if handoff.subject == "SO-000002":
            raise PermanentError("no")

    recorder.failure = failure
    for number in (1, 2, 3):
        post_handed_over(f"SO-00000{number}", Destination.HR)
    draining.drain()
    balance_checkpoint.extend_all()
    post_handed_over("SO-000001", Destination.HR)
    Handoff.objects.filter(state="waiting").update(posted_at="2026-01-01T00:00:00Z")
    found = read(monitor)
    assert found["handoff_posted_total", "hr"] == 4
    assert found["handoff_applied_total", "hr"] == 2
    assert found["handoff_attempts_total", "hr"] == 3
    assert found["handoff_waiting", "hr"] == 1
    assert found["handoff_dead", "hr"] == 1
    assert found["handoff_missing", "hr"] == 0
    assert found["handoff_oldest_waiting_seconds", "hr"] > 60
    assert found["handoff_oldest_waiting_seconds", "mail"] == 0
    assert found["database_up",] == 1


def test_a_break_of_the_equation_shows(monitor: Client, recorder: Recorder) -> None:  # noqa: F811
    post_handed_over("SO-000001", Destination.MAIL)
    draining.drain()
    HandoffReceipt.objects.all().delete()
    assert read(monitor)["handoff_missing", "mail"] == 1


def test_processes_are_reported(monitor: Client) -> None:
    heartbeat.broker_client().flushdb()  # who lived in an earlier test
    assert read(monitor)["sweeper_heartbeat_age_seconds",] == float("inf")
    heartbeat.beat_sweeper()
    heartbeat.beat_worker(["hr"])
    try:
        found = read(monitor)
    finally:
        heartbeat.broker_client().flushdb()
    assert 0 <= found["sweeper_heartbeat_age_seconds",] < 60
    assert (found["worker_up", "hr"], found["worker_up", "mail"]) == (1, 0)
    assert (found["broker_up",], found["queue_length", "hr"]) == (1, 0)
    assert (found["publish_failures_total",], found["publish_breaker_open",]) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_events_in_any_process_are_counted(monitor: Client, settings) -> None:
    broker.publish_failed.send_robust(sender=None)
    count({REPEATED_NOTIFICATIONS + "hr": 3})
    count({REPEATED_NOTIFICATIONS + "hr": 1})
    found = read(monitor)
    assert (found["publish_failures_total",], found["publish_breaker_open",]) == (1, 1)
    assert (
        found["notifications_again_total", "hr"],
        found["notifications_again_total", "mail"],
    ) == (4, 0)
    settings.HANDOFF_BREAKER_SECONDS = 0
    assert read(monitor)["publish_breaker_open",] == 0


def test_a_count_within_a_transaction_is_kept_for_the_next(monitor: Client) -> None:
    count({REPEATED_NOTIFICATIONS + "mail": 1})  # within somebody's transaction, here the test's
    assert read(monitor)["notifications_again_total", "mail"] == 0
    assert counters.unwritten.pop(REPEATED_NOTIFICATIONS + "mail") == 1


@pytest.mark.django_db(transaction=True)
def test_a_missing_database_is_reported(monitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    found = read(monitor)
    assert found["database_up",] == 0
    assert found["broker_up",] == 1
    assert ("handoff_waiting", "hr") not in found


def test_nothing_is_told_of_what_a_handoff_is_about(
    monitor: Client,
    recorder: Recorder,  # noqa: F811
) -> None:
    post_handed_over("SO-000001", Destination.HR, subject="CP-000001")
    told = monitor.get("/metrics").content.decode()
    assert "CP-000001" not in told
    assert "GoodsHandedOver" not in told


ELSEWHERE = [
    {"REMOTE_ADDR": "192.0.2.7"},
    {"REMOTE_ADDR": ""},
    {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
    {"HTTP_FORWARDED": "for=127.0.0.1"},
    {"HTTP_HOST": "office.example"},
    {"HTTP_HOST": "127.0.0.1.example:8000"},
]


@pytest.mark.parametrize("how", ELSEWHERE, ids=str)
def test_without_a_token_only_this_machine_is_answered(
    monitor: Client, how: dict[str, str]
) -> None:
    response = Client().get("/metrics", **({"HTTP_HOST": "localhost"} | how))
    assert response.status_code == 404
    assert b"officeflow" not in response.content


def test_behind_a_proxy_nobody_is_answered_without_a_token(monitor: Client, settings) -> None:
    settings.PROXY_COUNT = 1
    assert monitor.get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("Bearer the monitor's own", 200),
        ("bearer the monitor's own", 200),
        ("Bearer another", 401),
        ("Bearer \xe9", 401),
        ("Token the monitor's own", 401),
        ("", 401),
    ],
)
def test_with_a_token_whoever_brings_it_is_answered(settings, given: str, status: int) -> None:
    settings.METRICS_TOKEN = "the monitor's own"
    for address in ("192.0.2.7", "127.0.0.1"):
        response = Client().get("/metrics", REMOTE_ADDR=address, HTTP_AUTHORIZATION=given)
        assert response.status_code == status


def test_metrics_only_read(monitor: Client) -> None:
    assert monitor.post("/metrics").status_code == 405
    assert monitor.head("/metrics").status_code == 200


def test_asking_costs_the_same_however_much_waits(
    monitor: Client,
    recorder: Recorder,  # noqa: F811
    django_assert_num_queries: Callable[..., object],
) -> None:
    for number in range(9):
        post_handed_over(f"SO-00000{number}")
    with django_assert_num_queries(6):
        monitor.get("/metrics")


def test_the_alarms_of_the_manual_ask_for_figures_that_there_are(monitor: Client) -> None:
    manual = (settings.BASE_DIR / "docs/operations.md").read_text()
    (written,) = re.findall(r"```yaml\n(.*?)```", manual, re.DOTALL)
    (group,) = yaml.safe_load(written)["groups"]
    told = {name for name, *_labels in read(monitor)}
    for rule in group["rules"]:  # each with its line of what to do
        line = rf"^\|[^|]*`{rule['alert']}`[^|]*\|"
        assert re.search(line, manual, re.MULTILINE), rule["alert"]
        asked = set(re.findall(r"officeflow_(\w+)", rule["expr"]))
        assert asked <= told, rule["alert"]
