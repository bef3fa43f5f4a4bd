"""Deleting expired drafts and files without a row, and moving files between records."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from frontdesk.customers.models import Customer
from officeflow.attachments.actions import attach, delete_unused_files, move_files
from officeflow.attachments.models import Attachment
from officeflow.staff.models import User
from tests.attachments.conftest import picture, stored
from tests.factories import CustomerFactory

pytestmark = pytest.mark.django_db


def attach_photo(actor: User, kind: str, number: str, colour: str = "orange") -> Attachment:
    return attach(actor=actor, kind=kind, number=number, name="a.jpg", content=picture(colour)).file


def age(path: Path, hours: int) -> None:
    then = (timezone.now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))


def test_a_file_without_a_row_is_deleted_after_an_hour(
    rita: User, nora: Customer, files_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    attach_photo(rita, "customer", nora.number)
    kept = stored(files_dir)
    folder = kept[0].parent
    stray, fresh = folder / uuid4().hex, folder / uuid4().hex
    for path in (stray, fresh):
        path.write_bytes(b"left behind")
    for path in (*kept, stray):
        age(path, 2)
    call_command("tidy_files")
    assert stored(files_dir) == sorted([*kept, fresh])
    assert "1 unused files deleted" in capsys.readouterr().out


def test_the_files_of_a_draft_are_kept_as_long_as_the_draft(rita: User, files_dir: Path) -> None:
    attach_photo(rita, "draft", uuid4().hex)
    for path in stored(files_dir):
        age(path, 30)
    assert delete_unused_files(now=timezone.now()).drafts == 0
    done = delete_unused_files(now=timezone.now() + timedelta(days=14, hours=1))
    assert (done.drafts, done.files) == (1, 2)
    assert stored(files_dir) == []


def test_a_row_without_a_file_is_reported_and_kept(
    rita: User, nora: Customer, files_dir: Path
) -> None:
    file = attach_photo(rita, "customer", nora.number)
    for path in stored(files_dir):
        path.unlink()
    assert delete_unused_files(now=timezone.now()).missing == [file.number]
    assert Attachment.objects.filter(pk=file.pk).exists()


def test_files_move_when_records_are_merged(rita: User, nora: Customer) -> None:
    other = CustomerFactory(name="Nora N.")
    same = attach_photo(rita, "customer", other.number, "red")
    attach_photo(rita, "customer", nora.number, "red")
    own = attach_photo(rita, "customer", other.number, "blue")
    moved = move_files(actor=rita, kind="customer", from_number=other.number, to_number=nora.number)
    assert moved == 1
    own.refresh_from_db()
    same.refresh_from_db()
    assert own.holder_number == nora.number
    assert same.removed_at is not None
