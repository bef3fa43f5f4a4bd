"""The pages of files: visibility, headers, uploads with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backoffice.tickets.models import Ticket
from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.customers.models import Customer
from officeflow.attachments.actions import attach, remove_file
from officeflow.attachments.models import Attachment
from officeflow.attachments.panel import list_context, version
from officeflow.audit.models import AuditEntry, Realm
from officeflow.errors import Conflict, Refused
from officeflow.staff.models import User
from tests.attachments.conftest import document, picture, stored

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def complaint(rita: User, nora: Customer) -> Complaint:
    return raise_complaint(
        actor=rita,
        customer=nora,
        category=ComplaintCategory.GOODS,
        description="The mug is chipped",
    )


def photo(name: str = "mug.jpg", colour: str = "orange") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(colour), content_type="text/html")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def attach_photo(actor: User, kind: str, number: str, content: bytes = b"") -> Attachment:
    return attach(
        actor=actor, kind=kind, number=number, name="mug.jpg", content=content or picture()
    ).file


def new_complaint(client: Client, **fields: object) -> object:
    form = {
        "category": "goods",
        "severity": "normal",
        "description": "The mug is chipped",
        "idempotency_key": str(uuid4()),
        "files_token": uuid4().hex,
        **fields,
    }
    return client.post("/desk/complaints/new/", form)


def test_photos_are_uploaded_with_a_complaint(rita: User) -> None:
    client = client_of(rita)
    answer = new_complaint(client, files=[photo("a.jpg", "red"), photo("b.jpg", "blue")])
    assert answer.status_code == 302  # type: ignore[attr-defined]
    number = Complaint.objects.get().number
    story = client.get(f"/desk/complaints/{number}/").content.decode()
    assert "2 files added" in story
    assert [file.holder_number for file in Attachment.objects.all()] == [number, number]
    assert AuditEntry.objects.filter(action="attach_file", subject=number).count() == 2


def test_photos_are_kept_when_the_form_has_an_error(rita: User) -> None:
    client, token = client_of(rita), uuid4().hex
    refused = new_complaint(client, files=photo(), files_token=token, description="")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert "mug.jpg" in refused.content.decode()  # type: ignore[attr-defined]
    new_complaint(client, files_token=token)
    file = Attachment.objects.get()
    assert file.holder_number == Complaint.objects.get().number


def test_a_refused_file_keeps_the_rest_of_the_form(rita: User) -> None:
    client, token = client_of(rita), uuid4().hex
    page = SimpleUploadedFile("page.jpg", b"<html></html>")
    refused = new_complaint(client, files=[photo(), page], files_token=token)
    html = refused.content.decode()  # type: ignore[attr-defined]
    assert "Use JPEG" in html
    assert "The mug is chipped" in html
    assert not Complaint.objects.exists()
    new_complaint(client, files_token=token)
    assert Attachment.objects.get().holder_kind == "complaint"


def test_a_draft_is_removed_without_javascript(rita: User) -> None:
    client, token = client_of(rita), uuid4().hex
    new_complaint(client, files=photo(), files_token=token, description="")
    number = Attachment.objects.get().number
    shown = new_complaint(client, files_token=token, drop_file=number, description="Chipped")
    assert "Chipped" in shown.content.decode()  # type: ignore[attr-defined]
    assert not Attachment.objects.exists()


def test_a_draft_is_visible_to_its_author_alone(rita: User, ravi: User) -> None:
    token = uuid4().hex
    file = attach_photo(rita, "draft", token)
    assert client_of(rita).get(f"/files/{file.number}/").status_code == 200
    assert client_of(ravi).get(f"/files/{file.number}/").status_code == 404
    new_complaint(client_of(ravi), files_token=token)
    file.refresh_from_db()
    assert file.holder_kind == "draft"


def test_the_department_of_a_complaint_sees_its_files(
    rita: User, femi: User, amir: User, complaint: Complaint, drain: Drain
) -> None:
    file = attach_photo(rita, "complaint", complaint.number)
    drain()
    ticket = Ticket.objects.get(subject=complaint.number)
    assert file.number in client_of(femi).get(f"/office/tickets/{ticket.number}/").content.decode()
    assert client_of(femi).get(f"/files/{file.number}/").status_code == 200
    assert client_of(amir).get(f"/files/{file.number}/").status_code == 404


def test_files_of_a_ticket_are_visible_to_its_department_alone(
    rita: User, femi: User, complaint: Complaint, drain: Drain
) -> None:
    drain()
    ticket = Ticket.objects.get(subject=complaint.number)
    client_of(femi).post(f"/files/of/ticket/{ticket.number}/add/", {"files": photo()})
    file = Attachment.objects.get()
    assert client_of(rita).get(f"/files/{file.number}/").status_code == 404
    assert client_of(rita).get(f"/files/of/ticket/{ticket.number}/").status_code == 404


def test_files_of_a_conduct_complaint_are_visible_to_hr_alone(
    rita: User, hanna: User, maya: User, ada: User, drain: Drain
) -> None:
    client = client_of(rita)
    new_complaint(client, category="conduct", files=photo())
    complaint, file = Complaint.objects.get(), Attachment.objects.get()
    drain()
    ticket = Ticket.objects.get(subject=complaint.number)
    for person in (rita, maya, ada):
        reader = client_of(person)
        assert reader.get(f"/files/{file.number}/").status_code == 404
        assert reader.get(f"/files/of/complaint/{complaint.number}/").status_code == 404
        assert (
            reader.post(f"/files/of/complaint/{complaint.number}/add/", {"files": photo()})
        ).status_code == 404
    assert "mug.jpg" not in client.get(f"/desk/complaints/{complaint.number}/").content.decode()
    page = client_of(hanna).get(f"/office/tickets/{ticket.number}/").content.decode()
    assert file.number in page
    given = client_of(hanna).get(f"/files/{file.number}/")
    assert given.status_code == 200
    assert "no-store" in given["Cache-Control"]
    entry = AuditEntry.objects.get(action="attach_file")
    assert entry.realm == Realm.HR
    own = attach(
        actor=hanna, kind="ticket", number=ticket.number, name="x.pdf", content=document()
    ).file
    assert own.realm == Realm.HR
    assert client_of(maya).get(f"/files/{own.number}/").status_code == 404


def test_a_file_is_served_with_restrictive_headers(rita: User, complaint: Complaint) -> None:
    image = attach_photo(rita, "complaint", complaint.number)
    paper = attach_photo(rita, "complaint", complaint.number, document())
    client = client_of(rita)
    shown = client.get(f"/files/{image.number}/")
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Content-Disposition"].startswith("inline")
    saved = client.get(f"/files/{paper.number}/")
    assert saved["Content-Disposition"].startswith("attachment")
    for answer in (shown, saved):
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"
    again = client.get(f"/files/{image.number}/", headers={"If-None-Match": shown["ETag"]})
    assert again.status_code == 304
    assert client.get(f"/files/{image.number}/small/")["Content-Type"] == "image/jpeg"
    assert client.get(f"/files/{paper.number}/small/").status_code == 404


def test_without_javascript_refused_files_are_shown_on_the_page(
    rita: User, complaint: Complaint
) -> None:
    page = SimpleUploadedFile("page.jpg", b"<html></html>")
    answer = client_of(rita).post(
        f"/files/of/complaint/{complaint.number}/add/", {"files": [photo(), page]}
    )
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Use JPEG" in html
    assert "mug.jpg" in html


def test_an_upload_above_the_limit_is_skipped(
    rita: User, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.ATTACHMENT_MOST_BYTES", 2 * 1024 * 1024)
    large = SimpleUploadedFile("large.jpg", b"\xff\xd8\xff" + b"\0" * (2 * 1024 * 1024))
    answer = client_of(rita).post(
        f"/files/of/complaint/{complaint.number}/add/",
        {"files": [large, photo()]},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 422
    body = answer.json()
    assert [each["name"] for each in body["taken"]] == ["mug.jpg"]
    assert "up to 2 MB" in body["refused"][0]


def test_a_file_is_removed_with_a_reason_and_its_content_deleted(
    rita: User,
    ravi: User,
    complaint: Complaint,
    files_dir: Path,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    file = attach_photo(rita, "complaint", complaint.number)
    with pytest.raises(Refused, match="Enter a reason"):
        remove_file(actor=rita, file=file, reason=" ")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        answer = client_of(rita).post(f"/files/{file.number}/remove/", {"reason": "Wrong customer"})
    assert answer.status_code == 302
    assert stored(files_dir) == []
    assert client_of(rita).get(f"/files/{file.number}/").status_code == 404
    file.refresh_from_db()
    assert (file.removed_reason, file.removed_by) == ("Wrong customer", rita)
    with pytest.raises(Conflict):
        remove_file(actor=ravi, file=file, reason="Also wrong")
    attach_photo(rita, "complaint", complaint.number)  # the same content may come again


def test_the_panel_needs_a_constant_number_of_queries(
    rita: User,
    complaint: Complaint,
    django_assert_num_queries: Callable[..., object],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client, address = client_of(rita), f"/files/of/complaint/{complaint.number}/"
    attach_photo(rita, "complaint", complaint.number)
    headers = {"HX-Request": "true"}
    client.get(address, headers=headers)
    with django_assert_max_num_queries(12) as few:  # type: ignore[attr-defined]
        client.get(address, headers=headers)
    for colour in ("red", "green", "blue", "black"):
        attach_photo(rita, "complaint", complaint.number, picture(colour))
    with django_assert_num_queries(len(few)):  # type: ignore[attr-defined]
        client.get(address, headers=headers)


def test_the_panel_of_a_page_has_the_version_of_the_list(
    rita: User, complaint: Complaint, drain: Drain, maya: User
) -> None:
    drain()
    ticket = Ticket.objects.get(subject=complaint.number)
    removed = attach_photo(rita, "complaint", complaint.number)
    remove_file(actor=rita, file=removed, reason="Another customer's")
    attach_photo(rita, "complaint", complaint.number, picture("blue"))
    for kind, number, about in (
        ("complaint", complaint.number, ""),
        ("ticket", ticket.number, complaint.number),
        ("ticket", ticket.number, ""),
    ):
        shown = list_context(maya, kind, number, about)
        assert shown["version"] == version(maya, kind, number, about)
    assert len(list_context(rita, "complaint", complaint.number)["files"]) == 1
