"""Whatever people do with a complaint and in whatever order it is delivered, both sides agree."""

from __future__ import annotations

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from backoffice.tickets.actions import complete_ticket
from backoffice.tickets.models import Resolution, Ticket
from backoffice.tickets.states import TicketState
from frontdesk.complaints.actions.complaints import (
    can_confirm,
    can_reopen,
    confirm_complaint,
    raise_complaint,
    reopen_complaint,
    undo_confirmation,
)
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.complaints.states import ComplaintState
from frontdesk.customers.models import Customer
from officeflow.company.queries import undo_window
from officeflow.permissions import Department, Role
from officeflow.staff.actions import add_person
from officeflow.staff.models import User
from tests.both_sides.play import MINUTE, Play, Step, fresh_office, playing

pytestmark = pytest.mark.django_db
ANSWERED = (ComplaintState.RESOLVED, ComplaintState.CONFIRMED)


class ComplaintPlay(Play):
    """A complaint: the department's answers, and what the desk does with them."""

    def complaint(self) -> Complaint:
        """Returns the complaint as the desk has it."""
        return Complaint.objects.get(number=self.number)

    def desk_page(self) -> str:
        return f"/desk/complaints/{self.number}/"

    # --- steps ---------------------------------------------------------------------------------

    def steps(self) -> dict[str, Step]:
        desk, complaint, steps = self.desk, self.complaint(), super().steps()
        if can_confirm(complaint):
            steps["confirm"] = lambda: confirm_complaint(actor=desk, complaint=complaint)
        if complaint.state == ComplaintState.CONFIRMED:
            steps["undo confirmation"] = lambda: undo_confirmation(actor=desk, complaint=complaint)
        if can_reopen(complaint):
            steps["reopen complaint"] = lambda: reopen_complaint(
                actor=desk, complaint=complaint, reason="Still chipped."
            )
        return steps

    def complete(self, holder: User, ticket: Ticket) -> None:
        complete_ticket(
            actor=holder,
            ticket=ticket,
            outcome="upheld",
            message=f"Answer {self.done['complete']} about {ticket.number}.",
        )

    # --- what must be true ---------------------------------------------------------------------

    def check(self) -> None:
        super().check()
        complaint = self.complaint()
        if complaint.state == ComplaintState.RESOLVED:
            assert complaint.message.startswith("Answer")
        if complaint.is_sealed:
            self.check_words(complaint)

    def send_mail(self) -> None:
        before = len(self.kept("complaint_answered"))
        super().send_mail()
        answers = self.kept("complaint_answered")
        complaint = self.complaint()
        if len(answers) > before:
            assert complaint.state in ANSWERED
            assert complaint.message in answers[-1].body
            assert self.tickets().last().state == TicketState.COMPLETED
        assert len(answers) <= (0 if complaint.is_sealed else self.done["complete"])

    def check_words(self, complaint: Complaint) -> None:
        """Checks that the desk has HR's words while it needs them, and no longer."""
        state, since = complaint.state, complaint.periods.get(ended_at=None).started_at
        if state not in ANSWERED:
            assert complaint.message == ""
        if state == ComplaintState.CONFIRMED:
            assert bool(complaint.message) or self.clock.now >= since + undo_window()

    def check_agreement(self) -> None:
        super().check_agreement()
        complaint, ticket = self.complaint(), self.tickets().last()
        assert ticket.is_open == (complaint.state not in ANSWERED)
        if ticket.is_open:
            was_taken = ticket.periods.filter(state=TicketState.TAKEN).exists()
            assert was_taken == (complaint.state == ComplaintState.IN_HAND)
            return
        resolution = Resolution.objects.get(ticket=ticket)
        assert resolution.withdrawn_at is None
        assert (resolution.told_at is not None) == (complaint.state == ComplaintState.CONFIRMED)
        if complaint.message:
            assert complaint.message == resolution.message

    def settle(self) -> None:
        super().settle()
        self.pass_time(MINUTE)
        complaint = self.complaint()
        if complaint.state == ComplaintState.CONFIRMED and complaint.is_sealed:
            assert complaint.message == ""


# The department that answers a category, and two people who work there.
DEPARTMENTS = {
    ComplaintCategory.GOODS: (Department.FULFILMENT, ("femi", "fay"), Role.FULFILMENT),
    ComplaintCategory.BILLING: (Department.ACCOUNTING, ("amir", "alma"), Role.ACCOUNTANT),
    ComplaintCategory.SERVICE: (Department.MANAGEMENT, ("maya", "milo"), Role.MANAGER),
    ComplaintCategory.CONDUCT: (Department.HR, ("hanna", "hugo"), Role.HR),
}


@playing
@given(data=st.data(), category=st.sampled_from(list(DEPARTMENTS)))
def test_both_sides_agree_about_a_complaint(
    data: st.DataObject, category: ComplaintCategory, rita: User, ada: User, nora: Customer
) -> None:
    with pytest.MonkeyPatch.context() as patch, fresh_office() as clock:
        patch.setattr(settings, "MAIL_MODE", "mailbox")
        department, names, role = DEPARTMENTS[category]
        colleagues = [
            add_person(
                actor=None,
                username=name,
                full_name=name.title(),
                password=None,
                roles=[role],
                email=f"{name}@example.org",
            )
            for name in names
        ]
        complaint = raise_complaint(
            actor=rita, customer=nora, category=category, description="The mug is chipped."
        )
        play = ComplaintPlay(clock, complaint.number, desk=rita, back=colleagues, manager=ada)
        play.department = department
        play.run(data)
