"""Receptionists at the counter: clients of the HTTP API with a seed, who ask again when unsure."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from dataclasses import dataclass
from typing import Any

from tests.faults.drill.history import Event, History

PATIENCE = 15.0  # seconds that a client waits for an answer
PAUSE = 0.3  # seconds before a client asks again, when the office names none
CATEGORIES = ("goods", "billing", "service", "conduct")
SHARES = {"order": 60, "complaint": 20, "payment": 13, "cancellation": 7}
# What the office answers when nothing happened, and never will by asking again.
REFUSALS = range(400, 500)


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 is no answer at all."""

    status: int
    body: dict[str, Any]
    retry_after: str
    seconds: float


def ask(port: int, token: str, method: str, path: str, body: Any = None, key: str = "") -> Answer:
    """One request to the API on a connection of its own. Never raises for what the office does."""
    began = time.monotonic()
    headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
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
class Wish:
    """One thing to ask for, with the key that stays with it."""

    what: str
    key: str
    path: str
    body: dict[str, Any]


class Client(threading.Thread):
    """One receptionist: asks at a steady pace and asks again, with the same key, when unsure."""

    def __init__(self, load: Load, name: str) -> None:
        super().__init__(name=name, daemon=True)
        self.load = load
        self.random = random.Random(f"{load.seed}/{name}")
        self.count = 0
        self.unpaid: list[str] = []  # own orders that may still be paid or cancelled

    def run(self) -> None:
        """Until the load ends; then what is open is asked for until it is known."""
        pause = self.load.clients / self.load.rate
        due = time.monotonic() + self.random.uniform(0, pause)
        while not self.load.ending.wait(max(0.0, due - time.monotonic())):
            due = max(due + pause * self.random.uniform(0.5, 1.5), time.monotonic())
            if not self.load.left.acquire(blocking=False):
                return
            self.pursue(self.wish())

    def wish(self) -> Wish:
        """The next thing to ask for."""
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
            return Wish(what, key, "/api/v1/orders/", {"lines": lines, "note": note})
        if what == "complaint":
            category = self.random.choice(CATEGORIES)
            body = {"category": category, "description": f"Not as it should be ({key})"}
            return Wish(what, key, "/api/v1/complaints/", body)
        number = self.unpaid.pop(self.random.randrange(len(self.unpaid)))
        if what == "payment":
            body = {"amount": "2.50", "method": "cash"}
            return Wish(what, key, f"/api/v1/orders/{number}/payments/", body)
        body = {"reason": "Changed their mind"}
        return Wish(what, key, f"/api/v1/orders/{number}/cancel/", body)

    def pursue(self, wish: Wish) -> None:
        """Asks until the office says yes or no, or until the load's patience is over."""
        attempt = 0
        while not self.load.over.is_set():
            attempt += 1
            said = {
                "client": self.name, "what": wish.what, "key": wish.key, "attempt": attempt,
            }  # fmt: skip
            self.load.history.write(event="invoked", **said)
            answer = ask(self.load.port, self.load.token, "POST", wish.path, wish.body, wish.key)
            event = self.judge(wish, answer, attempt)
            number = str(answer.body.get("number", ""))
            written = self.load.history.write(
                event=event,
                status=answer.status,
                number=number,
                seconds=round(answer.seconds, 4),
                retry_after=answer.retry_after,
                **said,
            )
            if event != "unknown":
                self.remember(written)
                return
            pause = min(float(answer.retry_after or PAUSE), 2.0)
            self.load.over.wait(pause * self.random.uniform(0.7, 1.3))

    def judge(self, wish: Wish, answer: Answer, attempt: int) -> str:
        """What an answer means."""
        if answer.status in (200, 201):
            return "acknowledged"
        if answer.status == 429:
            return "unknown"
        if wish.what == "cancellation" and answer.status == 409 and attempt > 1:
            return "acknowledged"  # it has no key: the first attempt did it
        return "refused" if answer.status in REFUSALS else "unknown"

    def remember(self, event: Event) -> None:
        """An order that was placed can be paid or cancelled later."""
        if event.what == "order" and event.event == "acknowledged":
            self.unpaid.append(event.number)


class Load:
    """Several clients at once.

    `rate` is how many things a second they ask for together, `most` how many in all.
    """

    def __init__(
        self,
        *,
        port: int,
        token: str,
        history: History,
        seed: str,
        clients: int = 4,
        rate: float = 8.0,
        most: int = 120,
        failures: dict[str, float] | None = None,
    ) -> None:
        self.port = port
        self.token = token
        self.history = history
        self.seed = seed
        self.clients = clients
        self.rate = rate
        self.left = threading.Semaphore(most)  # so that what waits stays within bounds
        self.failures = failures or {}
        self.ending = threading.Event()  # nothing new is asked for
        self.over = threading.Event()  # nothing is asked for again either
        self.threads = [Client(self, f"client{number}") for number in range(clients)]

    def note(self, rng: random.Random) -> str:
        """An order's note: how it fails, for the share of orders that is to."""
        for note, share in self.failures.items():
            if rng.random() < share:
                return note
        return ""

    def start(self) -> None:
        """Opens the counter."""
        for thread in self.threads:
            thread.start()

    def end(self, patience: float = 40.0) -> None:
        """Closes the counter: whoever is unsure asks on until it is known, or patience is over."""
        self.ending.set()
        deadline = time.monotonic() + patience
        for thread in self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self.over.set()
        for thread in self.threads:
            thread.join(PATIENCE + 1)


class Reader(threading.Thread):
    """Somebody who only looks something up, without Redis: how busy the machine itself is."""

    PAUSE = 0.15

    def __init__(self, port: int, token: str) -> None:
        super().__init__(name="reader", daemon=True)
        self.port = port
        self.token = token
        self.over = threading.Event()
        self.answers: list[tuple[float, float]] = []  # when it came, and after how many seconds

    def run(self) -> None:
        """Until it is over."""
        while not self.over.wait(self.PAUSE):
            answer = ask(self.port, self.token, "GET", "/api/v1/products/")
            self.answers.append((time.time(), answer.seconds))

    def seconds(self, since: float, until: float) -> list[float]:
        """How long each answer took that came in that time, shortest first."""
        return sorted(seconds for at, seconds in self.answers if since <= at <= until)
