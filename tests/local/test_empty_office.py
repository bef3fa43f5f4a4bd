"""``DEMO=0 make run`` prints the address at which the owner opens an empty office."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from officeflow.company.models import Office
from officeflow.local import office_run
from officeflow.local.management.commands import prepare
from officeflow.local.run_options import RunOptions
from tests.people import employ

TOKEN = "k" * 43


def prepare_office(monkeypatch: pytest.MonkeyPatch, token: str = TOKEN) -> list[str]:
    """Runs the command `prepare`; returns its lines of output."""
    monkeypatch.setenv(prepare.OWNER_TOKEN, token)
    out = StringIO()
    call_command("prepare", stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


def printed(output: list[str]) -> str:
    """Returns the message of a start whose command `prepare` gave this output."""
    options = RunOptions.from_environment({"PORT": "8123", "HOST": "0.0.0.0", "DEMO": "0"})
    return office_run.start_message(options, output, TOKEN)


def test_the_command_and_the_start_use_the_same_constants() -> None:
    assert office_run.OWNER_TOKEN == prepare.OWNER_TOKEN
    assert office_run.OWNER_AWAITED == prepare.OWNER_AWAITED


@pytest.mark.django_db
def test_the_printed_address_opens_the_empty_office_and_no_log_holds_it(
    monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    output = prepare_office(monkeypatch)
    assert TOKEN not in "\n".join(output)
    found = re.search(r"^http://127\.0\.0\.1:8123(/set-up/\S+/)$", printed(output), re.M)
    assert found is not None
    assert client.get(found[1]).status_code == 200
    # The next start makes another address, and the first one does not work any more.
    prepare_office(monkeypatch, "n" * 43)
    assert client.get(found[1]).status_code == 404


@pytest.mark.django_db
def test_a_set_up_office_prints_no_set_up_address(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    employ("ada")
    assert "set-up" not in printed(prepare_office(monkeypatch))


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["demo", "owner_address", "reset_password"])
def test_a_command_on_an_old_database_fails_with_one_line(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "django.db.migrations.executor.MigrationExecutor.migration_plan",
        lambda *_args: [("one", False)],
    )
    arguments = ["rita"] if command == "reset_password" else []
    with pytest.raises(CommandError, match=r"not up to date: run `make manage ARGS=migrate`"):
        call_command(command, *arguments)
