"""Many people want the same thing at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable

from tests.faults.drill.load import Answer, ask
from tests.faults.drill.people import Browser
from tests.faults.drill.trial import NOTIFICATION_LOST, Trial
from tests.faults.failing.apps import RAISES

FIFTY = 50


def all_at_once(count: int, do: Callable[[int], None]) -> None:
    """Everybody waits for everybody, and then all go."""
    ready = threading.Barrier(count)

    def go(number: int) -> None:
        ready.wait()
        do(number)

    threads = [threading.Thread(target=go, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_two_operators(trial: Trial) -> None:
    """One dead hand-off replayed by two operators at once"""
    office = trial.office
    trial.open_counter(rate=6, failures={RAISES: 0.3})
    trial.until_asked(12)
    trial.close_counter()
    dead = trial.poisoned(RAISES)
    count = "SELECT count(*) FROM handoff_handoff WHERE id = ANY(%s) AND state = 'dead'"
    office.until(lambda: office.one(count, dead) == len(dead), "they are dead")
    office.mended_file.touch()
    for name in ("maya", "ada"):
        trial.browsers[name] = Browser(office.port, name)
    problems = []
    for handoff in dead:
        answers: dict[str, tuple[int, str]] = {}
        names = sorted(trial.browsers)

        def replay(number: int, handoff: int = handoff) -> None:
            answers[names[number]] = trial.replay(handoff, names[number])  # noqa: B023

        all_at_once(2, replay)
        times = office.one(
            "SELECT count(*) FROM handoff_intervention WHERE handoff_id = %s", handoff
        )
        if times != 1:
            problems.append(f"hand-off {handoff} was replayed {times} times: {answers}")
        if not all(status in (200, 409) for status, _ in answers.values()):
            problems.append(f"the operators were told {[status for status, _ in answers.values()]}")
    trial.fired(len(dead), "replayed by two at once")
    trial.heal()
    trial.judge(bound=NOTIFICATION_LOST, problems=problems)


def test_fifty_take_one_ticket(trial: Trial) -> None:
    """Fifty clients taking one ticket"""
    office = trial.office
    trial.open_counter(rate=10)
    trial.until_asked(5)
    trial.drain()
    numbers = office.sql(
        """SELECT t.number FROM tickets_ticket t JOIN handoff_handoff h ON h.id = t.handoff_id
        WHERE h.id > %s AND t.department = 'fulfilment' AND t.state = 'waiting' LIMIT 2""",
        trial.mark.last["handoff"],
    )
    problems = []
    for (number,) in numbers:
        answers: list[Answer] = []

        def take(client: int, number: str = number, answers: list[Answer] = answers) -> None:
            token = office.tokens[("femi", "fay")[client % 2]]
            answers.append(ask(office.port, token, "POST", f"/api/v1/tickets/{number}/take/"))

        all_at_once(FIFTY, take)
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
        trial.fired(len(answers), "clients took")
    trial.heal()
    trial.judge(bound=NOTIFICATION_LOST, problems=problems)


def test_fifty_post_one_key(trial: Trial) -> None:
    """Fifty clients posting one idempotency key"""
    office = trial.office
    problems = []
    body = {"lines": [{"sku": "MUG", "quantity": "1"}]}
    for key in ("first", "second"):
        answers: list[Answer] = []
        word = f"fifty-{trial.result.seed}-{key}"
        said = {"client": "fifty", "what": "order", "key": word, "attempt": 1}
        trial.history.write(event="invoked", **said)

        def post(client: int, key: str = word, answers: list[Answer] = answers) -> None:
            token = office.tokens["rita"]
            answers.append(ask(office.port, token, "POST", "/api/v1/orders/", body, key))

        all_at_once(FIFTY, post)
        trial.fired(len(answers), "clients posted")
        for answer in answers:
            number = str(answer.body.get("number", ""))
            event = "acknowledged" if answer.status == 201 else "unknown"
            trial.history.write(event=event, status=answer.status, number=number, **said)
        statuses = {answer.status for answer in answers}
        if statuses != {201}:
            problems.append(f"answers were {sorted(statuses)}")
    trial.heal()
    trial.judge(bound=NOTIFICATION_LOST, problems=problems)
