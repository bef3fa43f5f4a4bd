"""What a crash left behind goes; what is on its way, or only missing, stays."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from frontdesk.customers.models import Customer
from officeflow.attachments.actions import attach, move_files, tidy
from officeflow.attachments.models import Attachment
from officeflow.staff.models import User
from tests.attachments.conftest import picture, stored
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db


def hang(actor: User, kind: str, number: str, colour: str = "orange") -> Attachment:
    return attach(actor=actor, kind=kind, number=number, name="a.jpg", content=picture(colour)).file


def age(path: Path, hours: int) -> None:
    then = (timezone.now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))


def test_a_file_without_a_row_goes_unless_it_is_fresh(
    rita: User, nora: Customer, files_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hang(rita, "customer", nora.number)
    kept = stored(files_dir)
    folder = kept[0].parent
    stray, fresh = folder / uuid4().hex, folder / uuid4().hex
    for path in (stray, fresh):
        path.write_bytes(b"left behind")
    for path in (*kept, stray):
        age(path, 2)
    call_command("tidy_files")
    assert stored(files_dir) == sorted([*kept, fresh])
    assert "1 stray files removed" in capsys.readouterr().out


def test_a_draft_that_was_never_sent_goes_after_a_day(rita: User, files_dir: Path) -> None:
    hang(rita, "draft", uuid4().hex)
    for path in stored(files_dir):
        age(path, 30)
    assert tidy(now=timezone.now()).drafts == 0
    done = tidy(now=timezone.now() + timedelta(hours=25))
    assert (done.drafts, done.files) == (1, 2)
    assert stored(files_dir) == []


def test_a_row_whose_file_is_missing_is_named_and_stays(
    rita: User, nora: Customer, files_dir: Path
) -> None:
    file = hang(rita, "customer", nora.number)
    for path in stored(files_dir):
        path.unlink()
    assert tidy(now=timezone.now()).missing == [file.number]
    assert Attachment.objects.filter(pk=file.pk).exists()


def test_files_follow_when_two_records_become_one(rita: User, nora: Customer) -> None:
    other = CustomerFactory(name="Nora N.")
    same = hang(rita, "customer", other.number, "red")
    hang(rita, "customer", nora.number, "red")
    own = hang(rita, "customer", other.number, "blue")
    moved = move_files(actor=rita, kind="customer", from_number=other.number, to_number=nora.number)
    assert moved == 1
    own.refresh_from_db()
    same.refresh_from_db()
    assert own.holder_number == nora.number
    assert same.removed_at is not None
