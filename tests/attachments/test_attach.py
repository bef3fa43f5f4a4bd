"""Attaching files: checked and cleaned by content, stored privately, once for a record."""

from __future__ import annotations

import io
import stat
from pathlib import Path

import pytest
from PIL import Image

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.customers.models import Customer
from officeflow.attachments import checking
from officeflow.attachments.actions import CHECKING, attach
from officeflow.attachments.checking import FileRefused
from officeflow.attachments.models import DRAFT, Attachment, FileKind
from officeflow.attachments.storage import private_files
from officeflow.audit.models import AuditEntry
from officeflow.staff.models import User
from tests.attachments.conftest import document, picture, stored
from tests.memory import memory_at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def complaint(rita: User, nora: Customer) -> Complaint:
    return raise_complaint(
        actor=rita,
        customer=nora,
        category=ComplaintCategory.GOODS,
        description="The mug is chipped",
    )


def attach_photo(actor: User, complaint: Complaint, name: str, content: bytes) -> Attachment:
    return attach(
        actor=actor, kind="complaint", number=complaint.number, name=name, content=content
    ).file


def test_a_photo_is_turned_upright_and_loses_its_metadata(rita: User, complaint: Complaint) -> None:
    content = picture(size=(40, 20), exif=True)
    assert b"Camera of Nora" in content
    file = attach_photo(rita, complaint, "IMG_1.jpg", content)
    kept = private_files().open(file.path).read()
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (20, 40) == (file.width, file.height)
        assert not image.getexif()
    assert b"Camera of Nora" not in kept


def test_a_photo_with_invalid_metadata_is_accepted(rita: User, complaint: Complaint) -> None:
    content = picture(exif=True)
    # The field that says where it was taken claims another kind of value than it has.
    odd = content.replace(b"\x88\x25\x00\x04", b"\x88\x25\x00\x02")
    assert odd != content
    assert attach_photo(rita, complaint, "IMG_1.jpg", odd).width


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_of_picture_gets_a_thumbnail(rita: User, complaint: Complaint, kind: str) -> None:
    file = attach_photo(rita, complaint, "photo", picture(kind=kind, size=(900, 600)))
    assert file.kind == f"image/{kind.lower()}"
    with Image.open(private_files().open(file.thumbnail_path)) as small:
        assert max(small.size) == 320


def test_a_transparent_palette_picture_gets_a_thumbnail(rita: User, complaint: Complaint) -> None:
    out = io.BytesIO()
    Image.new("P", (30, 30)).save(out, "PNG", transparency=0)
    assert attach_photo(rita, complaint, "logo.png", out.getvalue()).thumbnail_path


def test_a_pdf_is_stored_unchanged(rita: User, complaint: Complaint) -> None:
    content = document()
    file = attach_photo(rita, complaint, "receipt.pdf", content)
    assert file.kind == FileKind.PDF
    assert private_files().open(file.path).read() == content
    assert file.thumbnail_path == ""


def test_a_file_gets_the_extension_of_its_content(rita: User, complaint: Complaint) -> None:
    file = attach_photo(rita, complaint, "../../etc/photo.html", picture())
    assert file.name == "photo.html.jpg"


def test_files_have_random_names_and_private_permissions(
    rita: User, complaint: Complaint, files_dir: Path
) -> None:
    attach_photo(rita, complaint, "nora.jpg", picture())
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
        ("half.pdf", PDF[: len(PDF) // 2], "damaged or incomplete"),
        ("fake.pdf", b"%PDF-1.4\nhello\nstartxref\n3\n%%EOF", "damaged or incomplete"),
        ("phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
    ],
)
def test_unacceptable_files_are_refused_with_a_reason(
    rita: User, complaint: Complaint, files_dir: Path, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(FileRefused) as refusal:
        attach_photo(rita, complaint, name, content)
    assert words in str(refusal.value)
    assert name in str(refusal.value)
    assert stored(files_dir) == []


def test_a_file_above_the_limit_is_refused(
    rita: User, complaint: Complaint, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.ATTACHMENT_MOST_BYTES", 100)
    with pytest.raises(FileRefused, match="too large"):
        attach_photo(rita, complaint, "big.jpg", picture())


def test_a_picture_of_too_many_pixels_is_refused(
    rita: User, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MAX_PIXELS", 100)
    with pytest.raises(FileRefused, match="too many pixels"):
        attach_photo(rita, complaint, "bomb.png", picture(kind="PNG"))


def test_data_after_a_picture_are_not_stored(rita: User, complaint: Complaint) -> None:
    file = attach_photo(rita, complaint, "both.jpg", picture() + b"<script>alert(1)</script>")
    assert b"script" not in private_files().open(file.path).read()


def test_the_same_content_is_stored_once_for_a_record(
    rita: User, ravi: User, complaint: Complaint, files_dir: Path
) -> None:
    first = attach_photo(rita, complaint, "one.jpg", picture())
    before = stored(files_dir)
    again = attach(
        actor=ravi,
        kind="complaint",
        number=complaint.number,
        name="other.jpg",
        content=picture(),
    )
    assert again.is_duplicate
    assert again.file == first
    assert stored(files_dir) == before


def test_the_number_of_files_of_a_record_is_limited(
    rita: User, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.ATTACHMENTS_MOST", 1)
    attach_photo(rita, complaint, "one.jpg", picture("red"))
    with pytest.raises(FileRefused, match="Remove one first"):
        attach_photo(rita, complaint, "two.jpg", picture("blue"))


def test_a_file_is_recognised_and_counted_before_it_is_decoded(
    rita: User, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = picture()
    attach_photo(rita, complaint, "a.jpg", content)
    monkeypatch.setattr("officeflow.attachments.actions.check_file", None)
    attach_photo(rita, complaint, "b.jpg", content)
    monkeypatch.setattr("django.conf.settings.ATTACHMENTS_MOST", 1)
    with pytest.raises(FileRefused, match="already 1 files"):
        attach_photo(rita, complaint, "c.jpg", b"other")


def test_the_files_of_forms_that_are_not_sent_are_limited(
    rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add(token: str) -> None:
        attach(actor=rita, kind=DRAFT, number=token, name="a.pdf", content=document(token))

    add("a" * 32)
    monkeypatch.setattr("officeflow.attachments.actions.MOST_DRAFT_BYTES", 10)
    with pytest.raises(FileRefused, match="Send one first"):
        add("b" * 32)


def test_one_file_of_a_person_is_read_at_a_time(
    rita: User, ravi: User, complaint: Complaint
) -> None:
    with CHECKING.held_by(rita.pk):
        with pytest.raises(FileRefused, match="Another file of yours is being read"):
            attach_photo(rita, complaint, "a.jpg", picture())
        attach_photo(ravi, complaint, "a.jpg", picture())
    assert attach_photo(rita, complaint, "b.pdf", document()).number


def test_the_audit_entry_does_not_hold_the_name_of_the_file(
    rita: User, complaint: Complaint
) -> None:
    file = attach_photo(rita, complaint, "nora-passport.jpg", picture())
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
def test_a_name_is_cleaned_and_cut(given: str, shown: str) -> None:
    assert checking.readable_name(given) == shown


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("WEBP", "RGB"), ("JPEG", "CMYK")])
def test_a_small_file_of_many_pixels_costs_this_process_no_memory(kind: str, mode: str) -> None:
    side = {"WEBP": 4400}.get(kind, 7000)
    content = io.BytesIO()
    Image.new(mode, (side, side)).save(content, kind, quality=20)
    with memory_at_most(40):
        checked = checking.check_file("wide", content.getvalue())
    assert (checked.width, checked.height) == (side, side)
    assert checked.thumbnail


def test_a_picture_beyond_the_decoder_s_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "DECODER_MEGABYTES", 100)
    content = io.BytesIO()
    Image.new("RGB", (6000, 6000)).save(content, "PNG")
    with pytest.raises(checking.FileRefused, match="cannot be opened"):
        checking.check_file("wide.png", content.getvalue())
