"""People at both sides act on one record in a random order, with deliveries at random moments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from backoffice.tickets import actions as work
from backoffice.tickets.models import Ticket, TicketQuerySet
from backoffice.tickets.states import ASSIGNED_STATES, TicketState
from frontdesk.complaints.actions.complaints import forget_told_answers
from frontdesk.questions.actions import answer_question
from frontdesk.questions.models import DeskQuestion, Hold
from officeflow.errors import Conflict, Refused
from officeflow.handoff.applying import draining
from officeflow.handoff.applying.apply import apply
from officeflow.handoff.applying.claims import claim_next
from officeflow.handoff.equation import balance
from officeflow.handoff.models import Destination, Handoff, HandoffState
from officeflow.local.demo.clock import MovedClock, moved_clock
from officeflow.mail.models import Message
from officeflow.mail.states import MessageState
from officeflow.permissions import Department
from officeflow.staff.actions import deactivate_person, end_grant, grant_role, reactivate_person
from officeflow.staff.models import RoleGrant, User
from tests.frontdesk.conftest import signed_in

START = datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
STEPS = 30

Step = Callable[[], object]

# `--hypothesis-profile=deep` plays a hundred times as many, and others each time.
EXAMPLES = settings.default.max_examples
DEEP = EXAMPLES > 100
playing = settings(
    max_examples=max(EXAMPLES // 12, 1),
    derandomize=not DEEP,
    deadline=None,
    # Making a failure small takes minutes.
    phases=list(Phase) if DEEP else [Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@contextmanager
def fresh_office() -> Iterator[MovedClock]:
    """Takes back at the end what is written in the block, whose clock moves when it is moved."""
    with transaction.atomic(), moved_clock(START) as clock:
        yield clock
        transaction.set_rollback(True)


class Play:
    """One record, the people who act on it, and what must be true whatever they do."""

    department: Department

    def __init__(
        self, clock: MovedClock, number: str, *, desk: User, back: list[User], manager: User
    ) -> None:
        self.clock, self.number, self.desk, self.manager = clock, number, desk, manager
        self.back_pks = [each.pk for each in back]
        self.roles = {each.pk: next(iter(each.roles)) for each in back}
        # How often something was done, not refused.
        self.done: Counter[str] = Counter()

    def run(self, data: st.DataObject) -> None:
        """Takes steps, then delivers everything and compares the two sides."""
        for _ in range(data.draw(st.integers(1, STEPS), label="steps")):
            steps = self.steps()
            self.take(name := data.draw(st.sampled_from(sorted(steps)), label="step"), steps[name])
        self.settle()

    def take(self, name: str, step: Step) -> None:
        """Takes a step, which may be refused, and checks what must always be true."""
        self.clock.move(self.clock.now + SECOND)
        try:
            with transaction.atomic():
                step()
        except (Conflict, Refused, PermissionDenied):
            pass
        else:
            self.done[name.partition(":")[0]] += 1
        self.check()

    def settle(self) -> None:
        """Delivers everything, also the mail, and compares the two sides."""
        for _ in range(2):
            self.deliver_everything()
            self.check()
            self.check_agreement()
            self.pass_time(MINUTE)
        assert not Ticket.objects.stranded().exists()
        assert balance().balanced
        if DEEP or self.done.total() % 4 == 0:  # pages take longer than all the rest
            self.look()

    # --- what must be true ---------------------------------------------------------------------

    def check(self) -> None:
        """Checks what is true after every step."""
        failed = Handoff.objects.exclude(last_error="", state__in=["waiting", "applied"])
        failed = failed.exclude(last_error__startswith="NotYet", state="waiting")
        assert not [f"{each.contract}: {each.last_error}" for each in failed]
        open_kinds = Counter(self.tickets().open().values_list("kind", flat=True))
        assert all(count == 1 for count in open_kinds.values()), open_kinds

    def check_agreement(self) -> None:
        """Checks what is true on both sides when everything is delivered."""
        tickets = list(self.tickets().exclude(department=Department.HR))
        returned = {each.number for each in tickets if each.state == TicketState.RETURNED}
        held = {each.number for each in tickets if each.state == TicketState.HELD}
        asked = DeskQuestion.objects.filter(subject=self.number, closed_at=None)
        holds = Hold.objects.filter(ticket_number__in=[t.number for t in tickets], ended_at=None)
        assert {each.ticket_number for each in holds} == held
        if self.department != Department.HR:
            assert {each.ticket_number for each in asked} == returned

    def tickets(self) -> TicketQuerySet:
        """Returns the record's tickets, oldest first."""
        return Ticket.objects.filter(subject=self.number).order_by("pk")

    @property
    def back(self) -> list[User]:
        """The people of the department, with the permissions that they have at this moment."""
        return list(User.objects.filter(pk__in=self.back_pks).order_by("pk"))

    def kept(self, event: str) -> list[Message]:
        """Returns the messages of an event that went to the customer, oldest first."""
        messages = Message.objects.filter(reference=self.number, event=event)
        return list(messages.filter(state=MessageState.KEPT).order_by("pk"))

    # --- steps ---------------------------------------------------------------------------------

    def steps(self) -> dict[str, Step]:
        """Returns what can be tried now: some of it is refused."""
        steps: dict[str, Step] = {
            "a minute passes": lambda: self.pass_time(MINUTE),
            "a day passes": lambda: self.pass_time(DAY),
        }
        for person in self.back:
            steps |= self.person_steps(person)
        for destination in self.destinations():
            steps[f"deliver to {destination}"] = partial(self.deliver, destination)
            steps["deliver everything"] = self.deliver_everything
        for ticket in self.tickets():
            steps |= {
                f"{name}: {ticket.kind} {ticket.pk}": step
                for name, step in self.work_steps(ticket).items()
            }
        for asked in DeskQuestion.objects.filter(subject=self.number, closed_at=None):
            steps[f"answer question: {asked.ticket_number}"] = partial(
                answer_question, actor=self.desk, question=asked, answer="Blue."
            )
        return steps

    def person_steps(self, person: User) -> dict[str, Step]:
        """Returns how a person of the department can go, or come back."""
        name = person.username
        grants = RoleGrant.objects.valid().filter(user=person)
        if not person.is_active or not grants:
            return {f"come back: {name}": lambda: self.come_back(person)}
        return {
            f"end role: {name}": lambda: end_grant(actor=self.manager, grant=grants[0]),
            f"end role soon: {name}": lambda: grants.update(
                valid_until=self.clock.now + 5 * SECOND
            ),
            f"deactivate: {name}": lambda: deactivate_person(actor=self.manager, user=person),
        }

    def come_back(self, person: User) -> None:
        """Gives a person account and role again."""
        if not person.is_active:
            reactivate_person(actor=self.manager, user=person)
        if not RoleGrant.objects.valid().filter(user=person, valid_until=None).exists():
            grant_role(actor=self.manager, user=person, role=self.roles[person.pk])

    def work_steps(self, ticket: Ticket) -> dict[str, Step]:
        """Returns what the department may do with a ticket."""
        state, holder = ticket.state, ticket.assignee
        first, second = self.back
        steps: dict[str, Step] = {}
        if state == TicketState.WAITING:
            steps["take"] = lambda: work.take_ticket(actor=first, ticket=ticket)
        if state == TicketState.TAKEN and holder:
            steps["complete"] = lambda: self.complete(holder, ticket)
            steps["untake"] = lambda: work.untake_ticket(actor=holder, ticket=ticket)
            steps["return"] = lambda: work.return_ticket(
                actor=holder, ticket=ticket, reason="other", question="Which colour?"
            )
            steps["hold"] = lambda: work.hold_ticket(
                actor=holder,
                ticket=ticket,
                reason="Out of stock",
                until_date=(self.clock.now + DAY).date(),
            )
        if state == TicketState.HELD and holder:
            steps["resume"] = lambda: work.resume_ticket(actor=holder, ticket=ticket)
        if state in ASSIGNED_STATES and holder and holder != second:
            steps["take over"] = lambda: work.take_over_ticket(
                actor=second, ticket=ticket, holder=holder
            )
            steps["give away"] = lambda: work.release_tickets(
                actor=None,
                person=holder,
                departments=[self.department],
                give_to={self.department: second},
            )
        if state == TicketState.COMPLETED and holder:
            steps["undo"] = lambda: work.reopen_ticket(actor=holder, ticket=ticket)
            steps["reopen"] = lambda: work.reopen_ticket(
                actor=second, ticket=ticket, reason="One is chipped."
            )
        return steps

    def complete(self, holder: User, ticket: Ticket) -> None:
        """Completes a ticket."""
        work.complete_ticket(actor=holder, ticket=ticket)

    def destinations(self) -> list[str]:
        """Returns the destinations to which something can be delivered."""
        heads = Handoff.objects.filter(state=HandoffState.WAITING, is_head=True)
        names = heads.exclude(destination=Destination.MAIL).values_list("destination", flat=True)
        return sorted(set(names))

    def deliver_everything(self) -> None:
        """Delivers what can be delivered."""
        draining.drain(each for each in Destination.values if each != Destination.MAIL)
        self.send_mail()

    def send_mail(self) -> None:
        """Sends the messages that need not wait any longer, which must be true at that moment."""
        draining.drain([Destination.MAIL])

    def deliver(self, destination: str) -> None:
        """Delivers one hand-off."""
        if claim := claim_next(destination):
            apply(claim)

    def pass_time(self, time: timedelta) -> None:
        """Lets time pass: mail goes, holds end, what can no longer be undone is final."""
        self.clock.move(self.clock.now + time)
        self.send_mail()
        work.end_holds()
        if self.done["end role soon"]:
            work.release_stranded()
        forget_told_answers()

    def look(self) -> None:
        """Opens the pages of both sides."""
        for person in self.back:
            self.come_back(person)
        browsers: dict[User, Client] = {each: signed_in(each) for each in (self.desk, self.back[0])}
        assert browsers[self.desk].get(self.desk_page()).status_code == 200
        for ticket in self.tickets():
            page = browsers[self.back[0]].get(f"/office/tickets/{ticket.number}/")
            assert page.status_code == 200

    def desk_page(self) -> str:
        """Returns the address of the record's page at the desk."""
        raise NotImplementedError
