"""The demo company is created once, completely or not at all."""

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
from officeflow.local.demo.schedule import Schedule
from officeflow.permissions import Role
from officeflow.staff.models import User
from tests.people import employ

pytestmark = pytest.mark.django_db


def demo(*arguments: str) -> tuple[str, str]:
    """Runs the command; returns its standard output and its standard error."""
    out, err = StringIO(), StringIO()
    call_command("demo", "--days", "1", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_demo_is_created_once_and_its_passwords_work() -> None:
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


def test_an_interrupted_demo_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Schedule.run_until

    def run_and_stop(schedule: Schedule, until: datetime) -> None:
        run(schedule, until)
        assert Order.objects.exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(Schedule, "run_until", run_and_stop)
    with pytest.raises(KeyboardInterrupt):
        demo()
    assert not Office.objects.exists()
    assert not Order.objects.exists()


def test_an_existing_office_is_not_changed_and_prints_no_sign_ins(office: Office) -> None:
    employ("ada")
    assert demo()[0] == ""
    assert User.objects.count() == 1
    assert demo("--sign-ins")[0] == ""


def test_zero_days_are_refused() -> None:
    with pytest.raises(CommandError, match="--days"):
        call_command("demo", "--days", "0")
