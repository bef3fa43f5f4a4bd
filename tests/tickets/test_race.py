"""A ticket taken by many people at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from backoffice.tickets.actions import TicketTaken, take_ticket
from backoffice.tickets.models import Ticket, TicketPeriod
from officeflow.audit.models import AuditEntry
from officeflow.staff.models import User


@pytest.mark.django_db(transaction=True)
def test_a_ticket_is_taken_by_one_of_many_people(
    ordered: Callable[..., Ticket], femi: User, fay: User
) -> None:
    ticket = ordered()
    people = [femi, fay] * 3
    start = Barrier(len(people))

    def take(user_id: int) -> str:
        try:
            actor = User.objects.get(pk=user_id)
            seen = Ticket.objects.get(pk=ticket.pk)
            start.wait(timeout=20)
            take_ticket(actor=actor, ticket=seen)
            return "won"
        except TicketTaken as late:
            return str(late.message)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        answers = list(pool.map(take, [person.pk for person in people]))
    ticket.refresh_from_db()
    assert answers.count("won") == 1
    winner = ticket.assignee
    told = [answer for answer in answers if answer != "won"]
    assert all(
        f"{winner} has already taken this ticket" in a or "You have already taken" in a
        for a in told
    )
    assert TicketPeriod.objects.filter(ticket=ticket, ended_at__isnull=True).count() == 1
    assert TicketPeriod.objects.filter(ticket=ticket).count() == 2
    assert AuditEntry.objects.filter(action="take_ticket").count() == 1
