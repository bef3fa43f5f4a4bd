"""Invoices and credit notes as PDF, kept as they were issued."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from threading import Barrier, get_ident

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from backoffice.accounting import documents
from backoffice.accounting.actions import keep_file
from backoffice.accounting.actions.files import DrawingJob
from backoffice.accounting.models import DocumentFile, Invoice, Receivable
from officeflow.company.models import Office
from officeflow.handoff.applying import draining
from officeflow.handoff.contracts import Party
from officeflow.handoff.maintenance import periodic_jobs
from officeflow.handoff.models import Destination
from officeflow.handoff.outbox import post
from officeflow.staff.models import User
from tests.accounting.conftest import deliver
from tests.orders import line, order_cancelled, order_placed, payment_taken
from tests.races import outcomes_at_once

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


def print_it(client: Client, amir: User) -> bytes:
    """Returns the invoice as PDF from its page."""
    client.force_login(amir, backend=BACKEND)
    answer = client.get(f"/office/accounting/invoices/{number_of()}/pdf/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'inline; filename="{number_of()}.pdf"'
    return answer.content


def test_a_document_is_drawn_at_its_first_use_and_kept(
    client: Client, amir: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        deliver(order_placed(customer=EVA))
    assert not DocumentFile.objects.exists()
    first = print_it(client, amir)
    monkeypatch.setattr(documents, "draw_document", lambda *_given, **_named: 1 / 0)
    assert print_it(client, amir) == first == bytes(DocumentFile.objects.get().content)


def test_a_document_is_drawn_as_it_was_issued(office: Office, client: Client, amir: User) -> None:
    lines = [line("1200.00", quantity="2.5"), line("9.99", rate="0", position=2)]
    deliver(order_placed(customer=EVA, lines=lines))
    at_the_issue = documents.draw_document(Invoice.objects.get(), office=office)
    office.name, office.language, office.tax_number = "Another name", "sv", "SE 999"
    office.time_zone, office.phone, office.document_note = "Asia/Tokyo", "08-1", "Closed"
    office.save()
    office.main_site.address = "Elsewhere"
    office.main_site.save()
    deliver(payment_taken("5.00"))
    deliver(order_cancelled())
    assert print_it(client, amir) == at_the_issue


def test_a_receivable_keeps_the_customer_that_its_documents_show() -> None:
    deliver(order_placed(customer=EVA))
    for field in ("order_number", "customer_number", "customer_name", "customer_address"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Receivable.objects.update(**{field: "another"})


@pytest.mark.django_db(transaction=True)
def test_two_who_draw_a_document_at_once_get_the_same_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deliver(order_placed())
    document = Invoice.objects.get()
    both, draw = Barrier(2), documents.draw_document
    got: list[bytes] = []

    def draw_together(document: Invoice, *, office: Office) -> bytes:
        content = draw(document, office=office) + f"% drawn by {get_ident()}".encode()
        both.wait(timeout=20)
        return content

    monkeypatch.setattr(documents, "draw_document", draw_together)

    def read() -> None:
        got.append(bytes(keep_file(document=document).content))

    assert outcomes_at_once(read, read) == ["done", "done"]
    assert got == [bytes(DocumentFile.objects.get().content)] * 2


class TestTheDrawingJob:
    """The documents that nobody asks for."""

    @pytest.fixture(autouse=True)
    def _issued(self) -> None:
        """Three documents, issued an hour ago, of which two have no file yet."""
        with time_machine.travel(timezone.now() - timedelta(hours=1), tick=False):
            for number in (1, 2, 3):
                deliver(order_placed(f"SO-{number:06d}"))
        draining.drain()  # what they reported to the desk
        keep_file(document=Invoice.objects.get(serial=2))

    def drawn(self) -> list[int]:
        return list(DocumentFile.objects.order_by("pk").values_list("document__serial", flat=True))

    def test_draws_what_nobody_asked_for(self) -> None:
        assert periodic_jobs._jobs["draw documents"].run() == 2
        assert self.drawn() == [2, 1, 3]
        assert DrawingJob().run() == 0

    def test_waits_while_a_hand_off_can_be_applied(self) -> None:
        with transaction.atomic():
            post(order_cancelled(), to=[Destination.ACCOUNTING], subject="SO-000001", actor=None)
        job = DrawingJob()
        assert job.run() == 0
        draining.drain()
        assert job.run() == 2

    def test_leaves_documents_of_the_last_minutes_for_later(self) -> None:
        deliver(order_placed("SO-000004"))
        draining.drain()
        job = DrawingJob()
        assert job.run() == 2
        with time_machine.travel(timezone.now() + timedelta(minutes=3), tick=False):
            assert job.run() == 1
        assert 4 in self.drawn()

    def test_one_that_cannot_be_drawn_stops_no_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        draw = documents.draw_document

        def refuse_the_first(document: Invoice, *, office: Office) -> bytes:
            if document.serial == 1:
                raise RuntimeError("no ink")
            return draw(document, office=office)

        monkeypatch.setattr(documents, "draw_document", refuse_the_first)
        assert DrawingJob().run() == 1
        assert self.drawn() == [2, 3]


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
