"""The demo company: whole, believable, made once."""

from __future__ import annotations

from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command
from django.db.models import Count

from backoffice.tickets.models import Ticket
from frontdesk.models import Category, Complaint, Customer, Order, Question, Refund
from officeflow.catalogue.models import Kind, Product, TaxRate
from officeflow.company.models import Office
from officeflow.handoff.models import Handoff, HandoffState
from officeflow.local.demo import company
from officeflow.staff.models import RoleGrant, User
from officeflow.staff.permissions import Department, Role
from tests.people import employ

pytestmark = pytest.mark.django_db


def demo(*arguments: str) -> tuple[str, str]:
    """What the command prints, and what it says beside it."""
    out, err = StringIO(), StringIO()
    call_command("demo", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_demo_is_made_once_and_can_be_signed_in_to() -> None:
    out, err = demo()
    assert out == ""
    assert "taking orders" in err
    counts = Order.objects.count(), Handoff.objects.count(), User.objects.count()
    assert demo() == ("", "demo: there is an office already\n")
    assert (Order.objects.count(), Handoff.objects.count(), User.objects.count()) == counts

    lines = [line.split("\t") for line in demo("--sign-ins")[0].splitlines()]
    assert [role for role, _, _ in lines] == Role.values
    for role, username, password in lines:
        person = User.objects.get(username=username)
        assert Role(role) in person.roles
        assert person.check_password(password)
        validate_password(password, person)


def test_the_demo_has_something_to_see_everywhere() -> None:
    demo()
    assert Office.objects.get().is_demo
    assert Product.objects.count() >= 24
    assert Product.objects.filter(kind=Kind.SERVICE).count() >= 3
    assert TaxRate.objects.count() == 2
    assert Customer.objects.count() == 30
    assert 22 <= Order.objects.count() <= 30
    assert set(Complaint.objects.values_list("category", flat=True)) == set(Category.values)
    assert {"placed", "completed", "cancelled"} == set(
        Order.objects.values_list("state", flat=True)
    )
    assert {"waiting", "in_progress", "ready", "shipped", "handed_over"} <= set(
        Order.objects.values_list("fulfilment_state", flat=True)
    )
    assert {"invoiced", "part_paid", "paid", "credited"} <= set(
        Order.objects.values_list("billing_state", flat=True)
    )
    assert Complaint.objects.filter(state="resolved").exists()
    assert Complaint.objects.filter(state="confirmed").exists()
    assert Question.objects.filter(closed_at__isnull=True).count() == 2
    assert Refund.objects.filter(paid_at__isnull=True).count() == 1
    assert RoleGrant.objects.filter(valid_until__isnull=False).count() == 1
    queues = dict(
        Ticket.objects.open().values_list("department").annotate(count=Count("pk")).order_by()
    )
    busy = {Department.FULFILMENT, Department.ACCOUNTING, Department.HR, Department.MANAGEMENT}
    assert busy <= set(queues)
    assert not Handoff.objects.exclude(state=HandoffState.APPLIED).exists()


def test_a_demo_that_is_stopped_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(self: company.Company) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(company.Company, "_check", stop)
    with pytest.raises(KeyboardInterrupt):
        demo()
    assert not Office.objects.exists()
    assert not Order.objects.exists()
    monkeypatch.undo()
    demo()
    assert Office.objects.get().is_demo


def test_an_office_of_ones_own_is_left_alone_and_shows_no_sign_ins(office: Office) -> None:
    employ("ada")
    assert demo()[0] == ""
    assert User.objects.count() == 1
    assert demo("--sign-ins")[0] == ""
