"""Clients of the HTTP API that place orders and repeat requests without a clear answer."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass
from typing import Any

from tests.faults.drill.history import Event, History

TIMEOUT_SECONDS = 15.0  # for an answer
PAUSE = 0.3  # seconds before a request is repeated, without a Retry-After
CATEGORIES = ("goods", "billing", "service", "conduct")
SHARES = {"order": 60, "complaint": 20, "payment": 13, "cancellation": 7}
# Statuses after which nothing has happened and a repetition is useless.
REFUSALS = range(400, 500)


@dataclass(frozen=True)
class Answer:
    """An answer of the API; status 0 means that none came."""

    status: int
    body: dict[str, Any]
    retry_after: str
    seconds: float


def ask(port: int, token: str, method: str, path: str, body: Any = None, key: str = "") -> Answer:
    """Sends one request to the API on a new connection; returns status 0 after a failure."""
    began = time.monotonic()
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        text = response.read()
        status, retry_after = response.status, response.getheader("Retry-After", "")
        answer = json.loads(text) if "json" in response.getheader("Content-Type", "") else {}
    except (OSError, http.client.HTTPException, ValueError):
        return Answer(0, {}, "", time.monotonic() - began)
    finally:
        connection.close()
    return Answer(status, answer, retry_after, time.monotonic() - began)


@dataclass(frozen=True)
class Operation:
    """One request with its idempotency key, which stays the same when it is repeated."""

    what: str
    key: str
    path: str
    body: dict[str, Any]


class Client(threading.Thread):
    """A client that sends operations at a steady rate and repeats those without a clear answer."""

    def __init__(self, load: Load, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.load = load
        self.random = random.Random(f"{load.seed}/{name}")
        self.count = 0
        self.unpaid: list[str] = []  # own orders that may still be paid or cancelled

    def run(self) -> None:
        """Sends operations until the load ends."""
        pause = self.load.clients / self.load.rate
        due = time.monotonic() + self.random.uniform(0, pause)
        while not self.load.ending.wait(max(0.0, due - time.monotonic())):
            due = max(due + pause * self.random.uniform(0.5, 1.5), time.monotonic())
            if not self.load.left.acquire(blocking=False):
                return
            self.send_until_answered(self.operation())

    def operation(self) -> Operation:
        """Draws the next operation."""
        self.count += 1
        key = f"{self.load.history.case}-{self.load.seed}-{self.name}-{self.count}"
        (what,) = self.random.choices([*SHARES], [*SHARES.values()])
        if what in ("payment", "cancellation") and not self.unpaid:
            what = "order"
        if what == "order":
            lines = [{"sku": "MUG", "quantity": str(self.random.randint(1, 5))}]
            if self.random.random() < 0.5:
                lines.append({"sku": "POST", "quantity": "1"})
            note = self.load.note(self.random)
            return Operation(what, key, "/api/v1/orders/", {"lines": lines, "note": note})
        if what == "complaint":
            category = self.random.choice(CATEGORIES)
            body = {"category": category, "description": f"Not as it should be ({key})"}
            return Operation(what, key, "/api/v1/complaints/", body)
        number = self.unpaid.pop(self.random.randrange(len(self.unpaid)))
        if what == "payment":
            body = {"amount": "2.50", "method": "cash"}
            return Operation(what, key, f"/api/v1/orders/{number}/payments/", body)
        body = {"reason": "Changed their mind"}
        return Operation(what, key, f"/api/v1/orders/{number}/cancel/", body)

    def send_until_answered(self, operation: Operation) -> None:
        """Repeats an operation until it is acknowledged or refused, or the load is over."""
        attempt = 0
        while not self.load.over.is_set():
            attempt += 1
            fields: dict[str, Any] = {"what": operation.what, "key": operation.key}
            fields |= {"client": self.name, "attempt": attempt}
            self.load.history.write(event="invoked", **fields)
            answer = ask(
                self.load.port,
                self.load.token,
                "POST",
                operation.path,
                operation.body,
                operation.key,
            )
            event = self.interpret(operation, answer, attempt)
            number = str(answer.body.get("number", ""))
            written = self.load.history.write(
                event=event,
                status=answer.status,
                number=number,
                seconds=round(answer.seconds, 4),
                retry_after=answer.retry_after,
                **fields,
            )
            if event != "unknown":
                self.remember(written)
                return
            pause = min(float(answer.retry_after or PAUSE), 2.0)
            self.load.over.wait(pause * self.random.uniform(0.7, 1.3))

    def interpret(self, operation: Operation, answer: Answer, attempt: int) -> str:
        """Returns the event of the history that an answer means."""
        if answer.status in (200, 201):
            return "acknowledged"
        if answer.status == 429:
            return "unknown"
        if operation.what == "cancellation" and answer.status == 409 and attempt > 1:
            return "acknowledged"  # cancellations have no key: the first attempt succeeded
        return "refused" if answer.status in REFUSALS else "unknown"

    def remember(self, event: Event) -> None:
        """Keeps a placed order for a later payment or cancellation."""
        if event.what == "order" and event.event == "acknowledged":
            self.unpaid.append(event.number)


class Load:
    """Several clients: together `rate` operations a second, at most `max_operations` in all."""

    def __init__(
        self,
        *,
        port: int,
        token: str,
        history: History,
        seed: str,
        clients: int = 4,
        rate: float = 8.0,
        max_operations: int = 120,
        failures: dict[str, float] | None = None,
    ) -> None:
        self.port = port
        self.token = token
        self.history = history
        self.seed = seed
        self.clients = clients
        self.rate = rate
        self.left = threading.Semaphore(max_operations)
        self.failures = failures or {}
        self.ending = threading.Event()  # no new operations
        self.over = threading.Event()  # no repetitions either
        self.threads = [Client(self, f"client{number}") for number in range(clients)]

    def note(self, rng: random.Random) -> str:
        """Draws an order's note, which makes a share of the orders fail."""
        for note, share in self.failures.items():
            if rng.random() < share:
                return note
        return ""

    def start(self) -> None:
        """Starts the clients."""
        for thread in self.threads:
            thread.start()

    def end(self, timeout: float = 40.0) -> None:
        """Stops new operations, waits for the open ones until the timeout and ends the clients."""
        self.ending.set()
        deadline = time.monotonic() + timeout
        for thread in self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self.over.set()
        for thread in self.threads:
            thread.join(TIMEOUT_SECONDS + 1)


class Reader(threading.Thread):
    """A client that only reads, without Redis; it shows how busy the machine itself is."""

    PAUSE = 0.15

    def __init__(self, port: int, token: str) -> None:
        super().__init__(name="reader", daemon=True)
        self.port = port
        self.token = token
        self.over = threading.Event()
        self.answers: list[tuple[float, float]] = []  # time of the answer, seconds it took

    def run(self) -> None:
        """Reads until `over` is set."""
        while not self.over.wait(self.PAUSE):
            answer = ask(self.port, self.token, "GET", "/api/v1/products/")
            self.answers.append((time.time(), answer.seconds))

    def seconds(self, since: float, until: float) -> list[float]:
        """Returns the times of the answers in that period in seconds, shortest first."""
        return sorted(seconds for at, seconds in self.answers if since <= at <= until)
