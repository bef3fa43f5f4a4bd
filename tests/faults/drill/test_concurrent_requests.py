"""The same request from several people at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tests.faults.drill.browser import Browser
from tests.faults.drill.case import NOTIFICATION_LOST, Case
from tests.faults.drill.load import Answer, ask
from tests.faults.failing.apps import RAISES

CLIENTS = 50


def run_at_once(count: int, do: Callable[[int], None]) -> None:
    """Calls `do` with 0 to `count` - 1 at the same time."""
    ready = threading.Barrier(count)

    def go(number: int) -> None:
        ready.wait()
        do(number)

    threads = [threading.Thread(target=go, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_two_operators_replay(case: Case) -> None:
    """One dead hand-off replayed by two operators at once"""
    office = case.office
    case.start_load(rate=6, failures={RAISES: 0.3})
    case.wait_for_acknowledged(12)
    case.stop_load()
    dead = case.poisoned(RAISES)
    count = "SELECT count(*) FROM handoff_handoff WHERE id = ANY(%s) AND state = 'dead'"
    office.until(lambda: office.one(count, dead) == len(dead), "the hand-offs are dead")
    office.repaired_file.touch()
    for name in ("maya", "ada"):
        case.browsers[name] = Browser(office.port, name)
    problems = []
    for handoff in dead:
        answers: dict[str, tuple[int, str]] = {}
        names = sorted(case.browsers)

        def replay(number: int, handoff: int = handoff) -> None:
            answers[names[number]] = case.replay(handoff, names[number])  # noqa: B023

        run_at_once(2, replay)
        times = office.one(
            "SELECT count(*) FROM handoff_intervention WHERE handoff_id = %s", handoff
        )
        if times != 1:
            problems.append(f"hand-off {handoff} was replayed {times} times: {answers}")
        if not all(status in (200, 409) for status, _ in answers.values()):
            problems.append(f"the operators got {[status for status, _ in answers.values()]}")
    case.fired(len(dead), "replayed by two at once")
    case.heal()
    case.check(bound=NOTIFICATION_LOST, problems=problems)


def test_fifty_take_one_ticket(case: Case) -> None:
    """Fifty clients taking one ticket"""
    office = case.office
    case.start_load(rate=10)
    case.wait_for_acknowledged(5)
    case.drain()
    numbers = office.sql(
        """SELECT t.number FROM tickets_ticket t JOIN handoff_handoff h ON h.id = t.handoff_id
        WHERE h.id > %s AND t.department = 'fulfilment' AND t.state = 'waiting' LIMIT 2""",
        case.mark.last["handoff"],
    )
    problems = []
    for (number,) in numbers:
        answers: list[Answer] = []

        def take(client: int, number: str = number, answers: list[Answer] = answers) -> None:
            token = office.tokens[("femi", "fay")[client % 2]]
            answers.append(ask(office.port, token, "POST", f"/api/v1/tickets/{number}/take/"))

        run_at_once(CLIENTS, take)
        statuses = [answer.status for answer in answers]
        if statuses.count(200) != 1 or set(statuses) != {200, 409}:
            problems.append(f"{number}: {sorted(statuses)}")
        taken = office.one(
            """SELECT count(*) FROM tickets_ticketperiod p JOIN tickets_ticket t ON t.id = ticket_id
            WHERE t.number = %s AND p.state = 'taken'""",
            number,
        )
        if taken != 1:
            problems.append(f"{number} was taken {taken} times")
        case.fired(len(answers), "clients took")
    case.heal()
    case.check(bound=NOTIFICATION_LOST, problems=problems)


def test_fifty_post_one_key(case: Case) -> None:
    """Fifty clients posting one idempotency key"""
    office = case.office
    problems = []
    body = {"lines": [{"sku": "MUG", "quantity": "1"}]}
    for key in ("first", "second"):
        answers: list[Answer] = []
        word = f"fifty-{case.result.seed}-{key}"
        fields = {"client": "fifty", "what": "order", "key": word, "attempt": 1}
        case.history.write(event="invoked", **fields)

        def post(client: int, key: str = word, answers: list[Answer] = answers) -> None:
            token = office.tokens["rita"]
            answers.append(ask(office.port, token, "POST", "/api/v1/orders/", body, key))

        run_at_once(CLIENTS, post)
        case.fired(len(answers), "clients posted")
        for answer in answers:
            number = str(answer.body.get("number", ""))
            event = "acknowledged" if answer.status == 201 else "unknown"
            case.history.write(event=event, status=answer.status, number=number, **fields)
        statuses = {answer.status for answer in answers}
        if statuses != {201}:
            problems.append(f"answers were {sorted(statuses)}")
    case.heal()
    case.check(bound=NOTIFICATION_LOST, problems=problems)
