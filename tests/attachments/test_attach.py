"""Hanging files on things: judged by content, cleaned, kept privately, once."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest
from PIL import Image

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import Category, Complaint
from frontdesk.customers.models import Customer
from officeflow.attachments import checking
from officeflow.attachments.actions import attach
from officeflow.attachments.checking import FileRefused
from officeflow.attachments.models import Attachment, FileKind
from officeflow.attachments.storage import private_files
from officeflow.audit.models import AuditEntry
from officeflow.staff.models import User
from tests.attachments.conftest import document, picture, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(rita: User, nora: Customer) -> Complaint:
    return raise_complaint(
        actor=rita, customer=nora, category=Category.GOODS, description="The mug is chipped"
    )


def hang(actor: User, complaint: Complaint, name: str, content: bytes) -> Attachment:
    return attach(
        actor=actor, kind="complaint", number=complaint.number, name=name, content=content
    ).file


def test_a_photo_is_turned_upright_and_loses_where_it_was_taken(
    rita: User, complaint: Complaint
) -> None:
    content = picture(size=(40, 20), exif=True)
    assert b"Camera of Nora" in content
    file = hang(rita, complaint, "IMG_1.jpg", content)
    kept = private_files().open(file.path).read()
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (20, 40) == (file.width, file.height)
        assert not image.getexif()
    assert b"Camera of Nora" not in kept


def test_a_photo_whose_camera_noted_nonsense_is_taken(rita: User, complaint: Complaint) -> None:
    content = picture(exif=True)
    # The field that says where it was taken claims another kind of value than it has.
    odd = content.replace(b"\x88\x25\x00\x04", b"\x88\x25\x00\x02")
    assert odd != content
    assert hang(rita, complaint, "IMG_1.jpg", odd).width


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_of_picture_gets_a_small_one(rita: User, complaint: Complaint, kind: str) -> None:
    file = hang(rita, complaint, "photo", picture(kind=kind, size=(900, 600)))
    assert file.kind == f"image/{kind.lower()}"
    with Image.open(private_files().open(file.thumbnail_path)) as small:
        assert max(small.size) == 320


def test_a_see_through_palette_picture_gets_a_small_one(rita: User, complaint: Complaint) -> None:
    out = io.BytesIO()
    Image.new("P", (30, 30)).save(out, "PNG", transparency=0)
    assert hang(rita, complaint, "logo.png", out.getvalue()).thumbnail_path


def test_a_document_is_kept_as_it_is(rita: User, complaint: Complaint) -> None:
    content = document()
    file = hang(rita, complaint, "receipt.pdf", content)
    assert file.kind == FileKind.PDF
    assert private_files().open(file.path).read() == content
    assert file.thumbnail_path == ""


def test_a_file_is_named_by_what_it_is_not_by_what_it_says(
    rita: User, complaint: Complaint
) -> None:
    file = hang(rita, complaint, "../../etc/photo.html", picture())
    assert file.name == "photo.html.jpg"


def test_files_stand_under_random_names_for_the_office_alone(
    rita: User, complaint: Complaint, files_dir: Path
) -> None:
    hang(rita, complaint, "nora.jpg", picture())
    for path in stored(files_dir):
        assert "nora" not in str(path.relative_to(files_dir))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


PDF = document()
JPEG = picture(size=(200, 200))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.jpg", b"", "is empty"),
        ("page.jpg", b"<html><script>alert(1)</script></html>", "Use JPEG"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "Use JPEG"),
        ("program.jpg", b"MZ" + b"\0" * 200, "Use JPEG"),
        ("half.jpg", JPEG[: len(JPEG) // 3], "damaged"),
        ("head.png", b"\x89PNG\r\n\x1a\n" + b"junk" * 9, "damaged"),
        ("half.pdf", PDF[: len(PDF) // 2], "not a complete PDF"),
        ("fake.pdf", b"%PDF-1.4\nhello\nstartxref\n3\n%%EOF", "not a complete PDF"),
        ("phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    ],
)
def test_what_only_looks_like_it_is_refused_in_words(
    rita: User, complaint: Complaint, files_dir: Path, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(FileRefused) as refusal:
        hang(rita, complaint, name, content)
    assert words in str(refusal.value)
    assert name in str(refusal.value)
    assert stored(files_dir) == []


def test_a_file_above_the_limit_is_refused(
    rita: User, complaint: Complaint, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.ATTACHMENT_MOST_BYTES", 100)
    with pytest.raises(FileRefused, match="too large"):
        hang(rita, complaint, "big.jpg", picture())


def test_a_picture_of_too_many_pixels_is_not_even_opened(
    rita: User, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_PIXELS", 100)
    with pytest.raises(FileRefused, match="too many pixels"):
        hang(rita, complaint, "bomb.png", picture(kind="PNG"))


def test_what_is_glued_to_a_picture_is_left_behind(rita: User, complaint: Complaint) -> None:
    file = hang(rita, complaint, "both.jpg", picture() + b"<script>alert(1)</script>")
    assert b"script" not in private_files().open(file.path).read()


def test_the_same_content_twice_is_there_already(
    rita: User, ravi: User, complaint: Complaint, files_dir: Path
) -> None:
    first = hang(rita, complaint, "one.jpg", picture())
    before = stored(files_dir)
    again = attach(
        actor=ravi,
        kind="complaint",
        number=complaint.number,
        name="other.jpg",
        content=picture(),
    )
    assert again.already
    assert again.file == first
    assert stored(files_dir) == before


def test_a_thing_holds_so_many_and_no_more(
    rita: User, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.ATTACHMENTS_MOST", 1)
    hang(rita, complaint, "one.jpg", picture("red"))
    with pytest.raises(FileRefused, match="Remove one first"):
        hang(rita, complaint, "two.jpg", picture("blue"))


def test_the_trail_says_that_a_file_came_not_what_it_is_called(
    rita: User, complaint: Complaint
) -> None:
    file = hang(rita, complaint, "nora-passport.jpg", picture())
    entry = AuditEntry.objects.get(action="attach_file")
    assert entry.subject == complaint.number
    assert entry.changes == {"attachment": [None, file.number], "file": None}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\Photos\\a.jpg", "a.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie: x.jpg"),
        ("...", "file"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_a_name_is_made_readable(given: str, shown: str) -> None:
    assert checking.readable_name(given) == shown
