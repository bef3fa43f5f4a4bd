"""The API of files: adding, listing, downloading and removing, with permissions."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.customers.models import Customer
from officeflow.staff.models import User
from tests.api.conftest import Caller, caller  # noqa: F401 (fixture)
from tests.attachments.conftest import picture

pytestmark = pytest.mark.django_db


def test_a_file_is_added_listed_downloaded_and_removed(
    caller: Caller,  # noqa: F811
    rita: User,
    nora: Customer,
) -> None:
    complaint = raise_complaint(
        actor=rita, customer=nora, category=ComplaintCategory.GOODS, description="Chipped"
    )
    desk, books = caller("rita"), caller("amir")
    address = f"/api/v1/attachments/of/complaint/{complaint.number}/"

    def upload(client: object, content: bytes) -> object:
        body = {"files": SimpleUploadedFile("mug.jpg", content)}
        return client.post(address, body, format="multipart")  # type: ignore[attr-defined]

    made = upload(desk, picture())
    assert made.status_code == 201, made.data  # type: ignore[attr-defined]
    assert upload(desk, picture()).status_code == 200  # type: ignore[attr-defined]
    assert upload(books, picture()).status_code == 404  # type: ignore[attr-defined]
    wrong = upload(desk, b"<html></html>")
    assert wrong.status_code == 400  # type: ignore[attr-defined]
    assert wrong.json()["errors"][0]["field"] == "files"  # type: ignore[attr-defined]
    number = made.data["number"]  # type: ignore[attr-defined]
    assert [file["number"] for file in desk.get(address).data] == [number]
    assert books.get(address).status_code == 404
    assert desk.read(f"attachments/{number}/").json() == made.json()  # type: ignore[attr-defined]
    given = desk.read(f"attachments/{number}/file/")
    assert given["Content-Disposition"].startswith("attachment")
    assert books.read(f"attachments/{number}/file/").status_code == 404
    assert desk.send(f"attachments/{number}/remove/").status_code == 400
    gone = desk.send(f"attachments/{number}/remove/", {"reason": "Blurred"})
    assert gone.status_code == 204
    assert desk.read(f"attachments/{number}/file/").status_code == 404
    assert desk.read("attachments/of/draft/0123/").status_code == 404
