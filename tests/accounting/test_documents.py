"""Invoices and credit notes as PDF, kept as they were issued."""

from __future__ import annotations

import hashlib
import io

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from backoffice.accounting.actions import keep_file
from backoffice.accounting.models import DocumentFile, Invoice
from officeflow.company.models import Office
from officeflow.handoff.contracts import Party
from officeflow.staff.models import User
from tests.accounting.conftest import deliver
from tests.orders import line, order_cancelled, order_placed, payment_taken

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _letterhead(office: Office) -> None:
    office.phone, office.tax_number = "020 7946 0000", "GB 123"
    office.document_note = "Bank: GB29 NWBK 6016"
    office.save()


def words_of(number: str) -> str:
    stored = keep_file(document=Invoice.objects.get(number=number))
    reader = PdfReader(io.BytesIO(bytes(stored.content)))
    return " ".join(page.extract_text() for page in reader.pages).replace("\u00a0", " ")


def number_of(kind: str = "invoice") -> str:
    return Invoice.objects.get(kind=kind).number


EVA = Party(number="CU-000012", name="Eva Nováková", address="Dlouhá 7\n110 00 Praha")


def test_an_issued_invoice_has_its_pdf() -> None:
    lines = [line("12.00", quantity="2"), line("9.99", rate="0", sku="BOOK", position=2)]
    deliver(order_placed(lines=lines, customer=EVA))
    text = words_of(number_of())
    for words in (
        "The Paper Lantern",
        "GB 123",
        "Eva Nováková",
        "Dlouhá 7",
        "110 00 Praha",
        "CU-000012",
        number_of(),
        "Date of supply",
        "The mug",
        "20%",
        "£24.00",
        "£33.99",
        "Total to pay",
        "Prices include tax.",
        "GB29 NWBK 6016",
        "Page 1 of 1",
    ):
        assert words in text


def test_a_credit_note_shows_its_invoice_and_the_refund() -> None:
    deliver(order_placed())
    deliver(payment_taken("5.00"))
    deliver(order_cancelled())
    text = words_of(number_of("credit_note"))
    assert f"reverses invoice {number_of()}" in text
    assert "To be paid back £5.00" in text


def test_an_invoice_of_500_lines_is_complete() -> None:
    lines = [line("1.00", position=n, sku=f"SKU-{n}") for n in range(1, 501)]
    deliver(order_placed(lines=lines))
    text = words_of(number_of())
    assert all(f"SKU-{n}" in text for n in (1, 250, 500))
    assert "£500.00" in text


def test_an_issued_document_keeps_the_office_name(office: Office, client: Client, amir) -> None:
    deliver(order_placed())
    before = bytes(keep_file(document=Invoice.objects.get()).content)
    office.name = "Another name"
    office.save()
    client.force_login(amir, backend=BACKEND)
    answer = client.get(f"/office/accounting/invoices/{number_of()}/pdf/")
    assert answer.content == before
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{number_of()}.pdf"'


def test_a_document_is_drawn_after_the_lock_of_its_number(
    django_capture_on_commit_callbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        deliver(order_placed(customer=EVA))
        assert Invoice.objects.exists()
        assert not DocumentFile.objects.exists()
    assert DocumentFile.objects.get().document.number == number_of()


def test_a_document_that_cannot_be_drawn_keeps_its_hand_off(
    django_capture_on_commit_callbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.accounting.documents.render_a4", lambda _document: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        handoff = deliver(order_placed())
    assert handoff.state == "applied"
    assert not DocumentFile.objects.exists()


def test_a_stored_pdf_cannot_be_changed() -> None:
    deliver(order_placed())
    keep_file(document=Invoice.objects.get())
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentFile.objects.update(content=b"another")
    with pytest.raises(DatabaseError), transaction.atomic():
        DocumentFile.objects.all().delete()


def test_a_wrong_hash_is_refused() -> None:
    deliver(order_placed())
    deliver(order_cancelled())
    with pytest.raises(IntegrityError, match="as_drawn"), transaction.atomic():
        DocumentFile.objects.create(
            document=Invoice.objects.earliest("pk"),
            content=b"one",
            sha256=hashlib.sha256(b"other").hexdigest(),
            drawn_at=timezone.now(),
        )


@pytest.mark.parametrize(
    ("who", "status"), [("rita", 200), ("amir", 200), ("maya", 200), ("femi", 403), ("hanna", 403)]
)
def test_only_the_desk_and_accounting_may_print_documents(
    client: Client, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    deliver(order_placed())
    client.force_login(request.getfixturevalue(who), backend=BACKEND)
    for address in ("/office/accounting/invoices/{}/pdf/", "/api/v1/invoices/{}/pdf/"):
        answer = client.get(address.format(number_of()))
        assert answer.status_code == status
        assert (answer["Content-Type"] == "application/pdf") == (status == 200)
    assert client.get("/api/v1/invoices/INV-1999-000001/pdf/").status_code in (403, 404)


def test_a_price_below_a_penny_is_written_in_full(client: Client, amir: User) -> None:
    deliver(order_placed(lines=[line("0.125", quantity="1000")]))
    text = words_of(number_of())
    assert "£0.125" in text
    assert "£125.00" in text
    client.force_login(amir, backend=BACKEND)
    page = client.get(f"/office/accounting/invoices/{number_of()}/").content.decode()
    assert "£0.125" in page
