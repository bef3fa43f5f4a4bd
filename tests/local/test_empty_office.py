"""``DEMO=0 make run`` prints the address at which the owner opens an empty office."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from officeflow.company.models import Office
from officeflow.local import office as local_office
from officeflow.local.environment import Wishes
from officeflow.local.management.commands import prepare
from tests.people import employ

TOKEN = "k" * 43


def prepared(monkeypatch: pytest.MonkeyPatch, token: str = TOKEN) -> list[str]:
    """What the start's one step says."""
    monkeypatch.setenv(prepare.OWNER_TOKEN, token)
    out = StringIO()
    call_command("prepare", stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


def welcome(said: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The closing block of a start whose step said this."""
    office = object.__new__(local_office.Office)
    office.wishes = Wishes.of({"PORT": "8123", "HOST": "0.0.0.0", "DEMO": "0"})
    office.terminal = local_office.Terminal()
    office.began, office.owner_token, office.prepared = 0.0, TOKEN, said
    office._welcome()
    return capsys.readouterr().out


def test_both_sides_of_the_start_say_the_same_words() -> None:
    assert local_office.OWNER_TOKEN == prepare.OWNER_TOKEN
    assert local_office.OWNER_AWAITED == prepare.OWNER_AWAITED


@pytest.mark.django_db
def test_the_printed_address_opens_the_empty_office_and_no_log_holds_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    said = prepared(monkeypatch)
    assert TOKEN not in "\n".join(said)
    block = welcome(said, capsys)
    found = re.search(r"^http://127\.0\.0\.1:8123(/set-up/\S+/)$", block, re.M)
    assert found is not None
    assert client.get(found[1]).status_code == 200
    # The next start prints another, and the first one opens nothing.
    prepared(monkeypatch, "n" * 43)
    assert client.get(found[1]).status_code == 404


@pytest.mark.django_db
def test_an_office_that_is_set_up_prints_no_address(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    employ("ada")
    assert "set-up" not in welcome(prepared(monkeypatch), capsys)


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["demo", "owner_address", "reset_password"])
def test_a_command_on_an_old_database_is_one_readable_line(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "django.db.migrations.executor.MigrationExecutor.migration_plan",
        lambda *_args: [("one", False)],
    )
    arguments = ["rita"] if command == "reset_password" else []
    with pytest.raises(CommandError, match=r"not up to date: run `make manage ARGS=migrate`"):
        call_command(command, *arguments)
