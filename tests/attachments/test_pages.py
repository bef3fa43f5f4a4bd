"""The pages of files: who sees what hangs where, how it is given out, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backoffice.tickets.models import Ticket
from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import Category, Complaint
from frontdesk.customers.models import Customer
from officeflow.attachments.actions import attach, remove_file
from officeflow.attachments.models import Attachment
from officeflow.audit.models import AuditEntry, Realm
from officeflow.errors import Conflict, Refused
from officeflow.staff.models import User
from tests.attachments.conftest import document, picture, stored

pytestmark = pytest.mark.django_db
Drain = Callable[[], int]


@pytest.fixture
def complaint(rita: User, nora: Customer) -> Complaint:
    return raise_complaint(
        actor=rita, customer=nora, category=Category.GOODS, description="The mug is chipped"
    )


def photo(name: str = "mug.jpg", colour: str = "orange") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(colour), content_type="text/html")


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def hang(actor: User, kind: str, number: str, content: bytes = b"") -> Attachment:
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


def test_photos_are_handed_in_with_the_complaint(rita: User) -> None:
    client = as_(rita)
    answer = new_complaint(client, files=[photo("a.jpg", "red"), photo("b.jpg", "blue")])
    assert answer.status_code == 302  # type: ignore[attr-defined]
    number = Complaint.objects.get().number
    story = client.get(f"/desk/complaints/{number}/").content.decode()
    assert "2 files added" in story
    assert [file.holder_number for file in Attachment.objects.all()] == [number, number]
    assert AuditEntry.objects.filter(action="attach_file", subject=number).count() == 2


def test_photos_survive_another_mistake_in_the_form(rita: User) -> None:
    client, token = as_(rita), uuid4().hex
    refused = new_complaint(client, files=photo(), files_token=token, description="")
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert "mug.jpg" in refused.content.decode()  # type: ignore[attr-defined]
    new_complaint(client, files_token=token)
    file = Attachment.objects.get()
    assert file.holder_number == Complaint.objects.get().number


def test_a_refused_file_keeps_everything_else(rita: User) -> None:
    client, token = as_(rita), uuid4().hex
    page = SimpleUploadedFile("page.jpg", b"<html></html>")
    refused = new_complaint(client, files=[photo(), page], files_token=token)
    html = refused.content.decode()  # type: ignore[attr-defined]
    assert "Use JPEG" in html
    assert "The mug is chipped" in html
    assert not Complaint.objects.exists()
    new_complaint(client, files_token=token)
    assert Attachment.objects.get().holder_kind == "complaint"


def test_a_file_can_be_left_out_again_without_scripts(rita: User) -> None:
    client, token = as_(rita), uuid4().hex
    new_complaint(client, files=photo(), files_token=token, description="")
    number = Attachment.objects.get().number
    shown = new_complaint(client, files_token=token, drop_file=number, description="Chipped")
    assert "Chipped" in shown.content.decode()  # type: ignore[attr-defined]
    assert not Attachment.objects.exists()


def test_a_draft_is_its_authors_alone(rita: User, ravi: User) -> None:
    token = uuid4().hex
    file = hang(rita, "draft", token)
    assert as_(rita).get(f"/files/{file.number}/").status_code == 200
    assert as_(ravi).get(f"/files/{file.number}/").status_code == 404
    new_complaint(as_(ravi), files_token=token)
    file.refresh_from_db()
    assert file.holder_kind == "draft"


def test_a_photo_reaches_the_department_that_answers(
    rita: User, femi: User, amir: User, complaint: Complaint, drain: Drain
) -> None:
    file = hang(rita, "complaint", complaint.number)
    drain()
    ticket = Ticket.objects.get(subject=complaint.number)
    assert file.number in as_(femi).get(f"/office/tickets/{ticket.number}/").content.decode()
    assert as_(femi).get(f"/files/{file.number}/").status_code == 200
    assert as_(amir).get(f"/files/{file.number}/").status_code == 404


def test_what_a_department_adds_to_its_ticket_stays_there(
    rita: User, femi: User, complaint: Complaint, drain: Drain
) -> None:
    drain()
    ticket = Ticket.objects.get(subject=complaint.number)
    as_(femi).post(f"/files/of/ticket/{ticket.number}/add/", {"files": photo()})
    file = Attachment.objects.get()
    assert as_(rita).get(f"/files/{file.number}/").status_code == 404
    assert as_(rita).get(f"/files/of/ticket/{ticket.number}/").status_code == 404


def test_what_is_handed_in_with_conduct_is_hrs_alone(
    rita: User, hanna: User, maya: User, ada: User, drain: Drain
) -> None:
    client = as_(rita)
    new_complaint(client, category="conduct", files=photo())
    complaint, file = Complaint.objects.get(), Attachment.objects.get()
    drain()
    ticket = Ticket.objects.get(subject=complaint.number)
    for person in (rita, maya, ada):
        reader = as_(person)
        assert reader.get(f"/files/{file.number}/").status_code == 404
        assert reader.get(f"/files/of/complaint/{complaint.number}/").status_code == 404
        assert (
            reader.post(f"/files/of/complaint/{complaint.number}/add/", {"files": photo()})
        ).status_code == 404
    assert "mug.jpg" not in client.get(f"/desk/complaints/{complaint.number}/").content.decode()
    page = as_(hanna).get(f"/office/tickets/{ticket.number}/").content.decode()
    assert file.number in page
    given = as_(hanna).get(f"/files/{file.number}/")
    assert given.status_code == 200
    assert "no-store" in given["Cache-Control"]
    entry = AuditEntry.objects.get(action="attach_file")
    assert entry.realm == Realm.HR
    own = attach(
        actor=hanna, kind="ticket", number=ticket.number, name="x.pdf", content=document()
    ).file
    assert own.realm == Realm.HR
    assert as_(maya).get(f"/files/{own.number}/").status_code == 404


def test_a_file_is_given_out_behind_every_lock(rita: User, complaint: Complaint) -> None:
    image = hang(rita, "complaint", complaint.number)
    paper = hang(rita, "complaint", complaint.number, document())
    client = as_(rita)
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


def test_without_scripts_what_was_refused_is_said_beside_the_list(
    rita: User, complaint: Complaint
) -> None:
    page = SimpleUploadedFile("page.jpg", b"<html></html>")
    answer = as_(rita).post(
        f"/files/of/complaint/{complaint.number}/add/", {"files": [photo(), page]}
    )
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Use JPEG" in html
    assert "mug.jpg" in html


def test_a_file_above_the_limit_is_stopped_on_its_way(
    rita: User, complaint: Complaint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.ATTACHMENT_MOST_BYTES", 2 * 1024 * 1024)
    large = SimpleUploadedFile("large.jpg", b"\xff\xd8\xff" + b"\0" * (2 * 1024 * 1024))
    answer = as_(rita).post(
        f"/files/of/complaint/{complaint.number}/add/",
        {"files": [large, photo()]},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 422
    body = answer.json()
    assert [each["name"] for each in body["taken"]] == ["mug.jpg"]
    assert "up to 2 MB" in body["refused"][0]


def test_a_file_is_taken_away_with_a_reason_and_its_content_goes(
    rita: User,
    ravi: User,
    complaint: Complaint,
    files_dir: Path,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    file = hang(rita, "complaint", complaint.number)
    with pytest.raises(Refused, match="Enter why"):
        remove_file(actor=rita, file=file, reason=" ")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        answer = as_(rita).post(f"/files/{file.number}/remove/", {"reason": "Wrong customer"})
    assert answer.status_code == 302
    assert stored(files_dir) == []
    assert as_(rita).get(f"/files/{file.number}/").status_code == 404
    file.refresh_from_db()
    assert (file.removed_reason, file.removed_by) == ("Wrong customer", rita)
    with pytest.raises(Conflict):
        remove_file(actor=ravi, file=file, reason="Also wrong")
    hang(rita, "complaint", complaint.number)  # the same content may come again


def test_the_panel_asks_as_much_for_many_files_as_for_one(
    rita: User,
    complaint: Complaint,
    django_assert_num_queries: Callable[..., object],
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    client, address = as_(rita), f"/files/of/complaint/{complaint.number}/"
    hang(rita, "complaint", complaint.number)
    headers = {"HX-Request": "true"}
    client.get(address, headers=headers)
    with django_assert_max_num_queries(12) as few:  # type: ignore[attr-defined]
        client.get(address, headers=headers)
    for colour in ("red", "green", "blue", "black"):
        hang(rita, "complaint", complaint.number, picture(colour))
    with django_assert_num_queries(len(few)):  # type: ignore[attr-defined]
        client.get(address, headers=headers)
