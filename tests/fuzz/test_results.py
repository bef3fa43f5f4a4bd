"""The results of `make fuzz` count calls and name each kind of failure once."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

from tests.fuzz import results

ORDERS = "POST /api/v1/orders/"


def answer(status: int) -> dict[str, Any]:
    return {
        "request": {
            "method": "POST",
            "uri": "http://127.0.0.1:8000/api/v1/orders/",
            "headers": {
                "Authorization": ["Token secret"],
                "Content-Type": ["application/json"],
                "User-Agent": ["x"],
            },
            "body": {"$base64": b64encode(b'{"note": "it\'s"}').decode()},
        },
        "response": {"status_code": status},
    }


def failed(message: str) -> list[dict[str, Any]]:
    failure = {"title": "Undocumented", "message": message, "operation": ORDERS, "case_id": None}
    return [
        {"name": "not_a_server_error", "status": "success"},
        {"name": "status", "status": "failure", "failure_info": {"failure": failure}},
    ]


def scenario(statuses: dict[str, int], checks: dict[str, Any]) -> dict[str, Any]:
    return {
        "ScenarioFinished": {
            "recorder": {
                "label": ORDERS,
                "cases": {
                    case: {"value": {"method": "POST", "path": "/api/v1/orders/"}}
                    for case in statuses
                },
                "interactions": {case: answer(status) for case, status in statuses.items()},
                "checks": checks,
            }
        }
    }


def read(tmp_path: Path, *events: dict[str, Any]) -> results.Result:
    path = tmp_path / "events"
    path.write_text("\n".join(map(json.dumps, events)) + '\n{"cut')
    result = results.Result("hr", {ORDERS, "GET /api/v1/orders/"})
    results.read(path, result)
    return result


def test_calls_are_counted_and_failures_of_one_kind_are_one(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        scenario({"a": 201, "b": 409}, {"b": failed("Received: 409 for 'x'")}),
        scenario({"c": 409, "d": 403}, {"c": failed("Received: 409 for 'y'")}),
        {"EngineFinished": {"stop_reason": "completed"}},
    )
    assert (result.calls, result.answered, result.is_finished) == (4, {ORDERS}, True)
    (failure,) = result.failures.values()
    assert (failure.count, failure.status) == (2, "409")
    assert "1 of 2" in results.table([result])
    assert "(2 times)" in results.failures(result, "make fuzz")


def test_a_failure_names_its_request_without_the_token(tmp_path: Path) -> None:
    (failure,) = read(tmp_path, scenario({"a": 500}, {"a": failed("x")})).failures.values()
    assert failure.command.startswith("curl -i -X POST -H 'Content-Type: application/json'")
    assert '"Authorization: Token $TOKEN"' in failure.command
    assert "secret" not in failure.command
    assert failure.command.endswith("http://127.0.0.1:8000/api/v1/orders/")


def test_a_run_that_was_ended_or_failed_is_not_finished(tmp_path: Path) -> None:
    error = {"label": ORDERS, "value": {"type": "ReadTimeout", "message": "20 seconds"}}
    result = read(
        tmp_path, {"NonFatalError": error}, {"EngineFinished": {"stop_reason": "interrupted"}}
    )
    assert not result.is_finished
    assert [each.check for each in result.failures.values()] == ["ReadTimeout"]
