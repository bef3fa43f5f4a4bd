"""`/healthz`, `/readyz` and `/metrics`, answered before sessions, redirects and host checks."""

from __future__ import annotations

from collections.abc import Callable

import redis
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from officeflow.metrics import metrics


class HealthMiddleware:
    """Answers the health probes and the metrics; passes every other request on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Returns the answer of a probe, or passes the request on."""
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz":
            return ready()
        if request.path == "/metrics":
            return metrics(request)
        return self.get_response(request)


def ready() -> JsonResponse:
    """Returns 200 when database, broker, workers and sweeper work, else 503, with each state."""
    parts = {
        "database": _database(),
        "broker": _broker(),
        "worker": _worker(),
        "sweeper": _sweeper(),
    }
    is_ready = all(part == "ok" for part in parts.values())
    response = JsonResponse(
        {"ready": is_ready, **parts},
        status=200 if is_ready else 503,
        headers={"Cache-Control": "no-store"} | ({} if is_ready else {"Retry-After": "2"}),
    )
    # Keeps Django from logging a 503 for every probe.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        connection.close()
        return "does not answer"
    return "ok"


def _broker() -> str:
    from officeflow.handoff.monitoring.heartbeat import broker_client

    try:
        broker_client().ping()
    except redis.RedisError:
        return "does not answer"
    return "ok"


def _worker() -> str:
    from officeflow.handoff.models import Destination
    from officeflow.handoff.monitoring.heartbeat import queues_without_worker

    try:
        missing = queues_without_worker(Destination.values)
    except redis.RedisError:
        return "unknown: the broker does not answer"
    return f"no worker for {', '.join(missing)}" if missing else "ok"


def _sweeper() -> str:
    from officeflow.handoff.monitoring.heartbeat import SWEEPER_FRESH_SECONDS, sweeper_age_seconds

    try:
        age = sweeper_age_seconds()
    except Error:
        return "unknown: the database does not answer"
    if age is None:
        return "has not started yet"
    return "ok" if age < SWEEPER_FRESH_SECONDS else f"silent for {age:.0f} s"
