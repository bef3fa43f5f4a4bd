"""The demo company is made once, whole or not at all."""

from __future__ import annotations

from datetime import datetime
from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command
from django.core.management.base import CommandError

from frontdesk.orders.models import Order
from officeflow.company.models import Office
from officeflow.handoff.models import Handoff
from officeflow.local.demo.agenda import Agenda
from officeflow.permissions import Role
from officeflow.staff.models import User
from tests.people import employ

pytestmark = pytest.mark.django_db


def demo(*arguments: str) -> tuple[str, str]:
    """What the command prints, and what it says beside it."""
    out, err = StringIO(), StringIO()
    call_command("demo", "--days", "1", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_demo_is_made_once_and_can_be_signed_in_to() -> None:
    out, err = demo()
    assert out == ""
    assert "creating 1 day" in err
    counts = Order.objects.count(), Handoff.objects.count(), User.objects.count()
    assert demo() == ("", "demo: this office is already set up\n")
    assert (Order.objects.count(), Handoff.objects.count(), User.objects.count()) == counts

    lines = [line.split("\t") for line in demo("--sign-ins")[0].splitlines()]
    assert [role for role, _, _ in lines] == Role.values
    for role, username, password in lines:
        person = User.objects.get(username=username)
        assert Role(role) in person.roles
        assert person.check_password(password)
        validate_password(password, person)


def test_a_demo_that_is_stopped_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    live = Agenda.live

    def live_and_stop(agenda: Agenda, until: datetime) -> None:
        live(agenda, until)
        assert Order.objects.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(Agenda, "live", live_and_stop)
    with pytest.raises(KeyboardInterrupt):
        demo()
    assert not Office.objects.exists()
    assert not Order.objects.exists()


def test_an_office_of_ones_own_is_left_alone_and_shows_no_sign_ins(office: Office) -> None:
    employ("ada")
    assert demo()[0] == ""
    assert User.objects.count() == 1
    assert demo("--sign-ins")[0] == ""


def test_no_days_at_all_are_refused() -> None:
    with pytest.raises(CommandError, match="--days"):
        call_command("demo", "--days", "0")
