"""The results of each role, read from the events that Schemathesis writes, and their table."""

from __future__ import annotations

import base64
import json
import re
import shlex
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SHOWN_HEADERS = ("content-type", "idempotency-key")
LONGEST = 600  # characters of a request's body in a command
HEADINGS = (
    "role",
    "operations",
    "calls",
    "2xx",
    "operations with 2xx",
    "403",
    "other 4xx",
    "5xx",
    "failures",
    "seconds",
)


@dataclass
class Failure:
    """A kind of failure of one operation; `command` sends the request that showed it first."""

    operation: str
    check: str
    message: str
    status: str
    command: str
    count: int = 1


@dataclass
class Result:
    """What the calls of one role found."""

    role: str
    described: set[str]  # the operations to call, such as "GET /api/v1/orders/"
    called: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    answered: set[str] = field(default_factory=set)  # operations with an answer of 2xx
    failures: dict[tuple[str, ...], Failure] = field(default_factory=dict)
    seconds: float = 0.0
    is_finished: bool = False

    @property
    def calls(self) -> int:
        """The number of answers."""
        return sum(self.statuses.values())

    def add(self, failure: Failure) -> None:
        """Counts a failure; the first one of its kind is kept."""
        key = (failure.operation, failure.check, failure.status, kind_of(failure.message))
        if key in self.failures:
            self.failures[key].count += 1
        else:
            self.failures[key] = failure

    def cells(self) -> list[str]:
        """Returns the cells of the table's row."""
        by_class = Counter(status // 100 for status in self.statuses.elements())
        forbidden = self.statuses[403]
        return [
            self.role,
            f"{len(self.called)} of {len(self.described)}",
            str(self.calls),
            str(by_class[2]),
            str(len(self.answered)),
            str(forbidden),
            str(by_class[4] - forbidden),
            str(by_class[5]),
            str(len(self.failures)),
            f"{self.seconds:.0f}" + ("" if self.is_finished else ", not finished"),
        ]


def kind_of(message: str) -> str:
    """Returns the message without what differs from call to call: values, numbers, bodies."""
    return re.sub(r"\d+|'[^']*'|\"[^\"]*\"|`[^`]*`", "…", message)[:200]


def read(path: Path, result: Result) -> None:
    """Adds the events in the file to the result."""
    if not path.exists():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            ((name, event),) = json.loads(line).items()
        except ValueError:  # the last line of a run that was ended
            continue
        if name == "ScenarioFinished":
            _read_scenario(event["recorder"], result)
        elif name in ("NonFatalError", "FatalError"):
            error = event.get("value") or event.get("exception") or {}
            result.add(
                Failure(
                    operation=event.get("label", "all"),
                    check=error.get("type", "error"),
                    message=error.get("message", ""),
                    status="",
                    command="",
                )
            )
        elif name == "EngineFinished":
            result.is_finished = event["stop_reason"] == "completed"


def _read_scenario(recorder: dict[str, Any], result: Result) -> None:
    interactions = recorder.get("interactions", {})
    for case, interaction in interactions.items():
        response = interaction.get("response")
        if response is None:
            continue
        result.statuses[response["status_code"]] += 1
        value = recorder["cases"].get(case, {}).get("value", {})
        operation = f"{value.get('method')} {value.get('path')}"
        if operation in result.described:  # else a method that the address does not have
            result.called.add(operation)
            if response["status_code"] < 300:
                result.answered.add(operation)
    for case, checks in recorder.get("checks", {}).items():
        for check in checks:
            if check["status"] != "failure":
                continue
            failure = check["failure_info"]["failure"]
            sent = interactions.get(failure.get("case_id") or case) or interactions[case]
            result.add(
                Failure(
                    operation=failure.get("operation") or recorder["label"],
                    check=check["name"],
                    message=f"{failure['title']}: {failure['message']}",
                    status=str((sent.get("response") or {}).get("status_code", "no answer")),
                    command=command_of(sent["request"]),
                )
            )


def command_of(request: dict[str, Any]) -> str:
    """Returns a curl command that sends the request, with the token in `$TOKEN`."""
    words = ["curl", "-i", "-X", request["method"]]
    for name, values in request["headers"].items():
        value = values[0] if isinstance(values, list) else values
        if name.lower() in SHOWN_HEADERS:
            words += ["-H", f"{name}: {value}"]
    text = shlex.join(words)
    if "Authorization" in request["headers"]:
        text += ' -H "Authorization: Token $TOKEN"'
    if body := request.get("body"):
        raw = base64.b64decode(body["$base64"]) if isinstance(body, dict) else body.encode()
        text += f" --data-binary {shlex.quote(raw.decode(errors='backslashreplace')[:LONGEST])}"
    return f"{text} {shlex.quote(request['uri'])}"


def table(results: list[Result]) -> str:
    """Returns the results with aligned columns."""
    rows = [list(HEADINGS), *(result.cells() for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def failures(result: Result, again: str) -> str:
    """Returns two lines for each failure: what is wrong, and how to send it again."""
    lines = []
    for failure in result.failures.values():
        times = f" ({failure.count} times)" if failure.count > 1 else ""
        message = " ".join(failure.message.split())[:400]
        lines.append(f"{result.role}: {failure.operation} {failure.status}{times}: {message}")
        lines.append(f"    {failure.command or again}")
    return "\n".join(lines)
