"""Exports as CSV and XLSX: rows, filters, formulas, permissions."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from frontdesk.orders.models import Order
from officeflow.audit.models import AuditEntry, Realm
from officeflow.catalogue.models import Product
from officeflow.ui import export
from officeflow.ui.export import ExportColumn
from officeflow.work_limit import WorkLimit
from tests.factories import make_product
from tests.moments import Moment, any_day
from tests.people import employ


def table(client: Client, url: str, kind: str = "csv") -> list[list[str]]:
    answer = client.get(f"{url}{'&' if '?' in url else '?'}export={kind}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    if kind == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def place(actor, product: Product, customer: Customer | None = None) -> Order:
    lines = [NewLine(product=product, quantity=Decimal(1))]
    return place_order(actor=actor, customer=customer, lines=lines)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


COLUMNS = [
    ExportColumn("Text", lambda row: row[0]),
    ExportColumn("Money", lambda row: row[1]),
    ExportColumn("Day", lambda row: date(2026, 3, 29)),
    ExportColumn("Time", lambda row: datetime(2026, 3, 29, 9, 30)),
    ExportColumn("Yes", lambda row: True),
    ExportColumn("Nothing", lambda row: None),
]


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1-2", "'+1-2"),
        ("+44 20 cmd|A1", "'+44 20 cmd|A1"),
        ("-5", "'-5"),
        ("@cmd", "'@cmd"),
        ("＝1+1", "'＝1+1"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\n=1", "'\n'=1"),
    ],
)
def test_a_text_is_not_exported_as_a_formula(text, safe):
    written = io.BytesIO()
    assert export.write_csv(written, COLUMNS, [(text, Decimal("-1.50"))]) == 1
    row = list(csv.reader(io.StringIO(written.getvalue().decode("utf-8-sig"), newline="")))[1]
    assert row == [safe, "-1.50", "2026-03-29", "2026-03-29 09:30:00", "yes", ""]
    written = io.BytesIO()
    export.write_xlsx(written, COLUMNS, [(text, Decimal("-1.50"))])
    (cell, money, day, at, *_rest) = openpyxl.load_workbook(written).worksheets[0][2]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert cell.value.strip() == text.strip()
    assert (money.data_type, money.value, money.number_format) == ("n", -1.5, "0.00")
    assert (day.value, at.value) == (datetime(2026, 3, 29), datetime(2026, 3, 29, 9, 30))


@pytest.mark.parametrize("number", ["+44 20 7946 0000", "+442079460000", "+1 (201) 555-0123"])
def test_a_telephone_number_is_exported_as_it_is(number):
    written = io.BytesIO()
    export.write_csv(written, COLUMNS, [(number, Decimal(1))])
    assert written.getvalue().decode("utf-8-sig").splitlines()[1].startswith(f"{number},")
    written = io.BytesIO()
    export.write_xlsx(written, COLUMNS, [(number, Decimal(1))])
    cell = openpyxl.load_workbook(written).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", number)


def test_no_part_of_a_text_becomes_a_formula_where_semicolons_separate():
    written = io.BytesIO()
    columns = [ExportColumn("Text", lambda row: row)] * 2
    export.write_csv(written, columns, ["Ada;=cmd|'/C calc'!A1;", "Nora\n+44", "a-b; -c"])
    lines = written.getvalue().decode("utf-8-sig").splitlines()
    cells = [cell for line in lines for cell in line.split(";")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "a-b; -c" in written.getvalue().decode()


def test_a_person_makes_one_export_at_a_time(rita, ravi, mug):
    address = reverse("catalogue:products") + "?q=mug&export=csv"
    with export.MAKING.held_by(rita.pk):
        waiting = signed_in(rita).get(address)
        assert waiting.status_code == 429
        assert "q=mug" in waiting.content.decode()
        assert signed_in(ravi).get(address).status_code == 200
    assert signed_in(rita).get(address).status_code == 200


def test_an_export_waits_for_a_place(rita, mug, monkeypatch):
    monkeypatch.setattr(export, "MAKING", WorkLimit(1, wait_seconds=0))
    address = reverse("catalogue:products") + "?export=csv"
    with export.MAKING.held_by("a colleague"):
        assert signed_in(rita).get(address).status_code == 429
    assert signed_in(rita).get(address).status_code == 200


def test_illegal_characters_are_removed_from_a_workbook():
    written = io.BytesIO()
    export.write_xlsx(written, COLUMNS, [("bell \x07 and " + "x" * 40_000, Decimal(1))])
    value = openpyxl.load_workbook(written).worksheets[0]["A2"].value
    assert value.startswith("bell  and x")
    assert len(value) == 32_767


def test_rows_beyond_the_limit_are_on_the_next_sheet(monkeypatch):
    monkeypatch.setattr(export, "SHEET_ROWS", 4)
    written = io.BytesIO()
    rows = [(str(number), Decimal(number)) for number in range(7)]
    assert export.write_xlsx(written, COLUMNS, rows) == 7
    sheets = openpyxl.load_workbook(written).worksheets
    assert [sheet.max_row for sheet in sheets] == [4, 4, 2]
    assert [sheet["A1"].value for sheet in sheets] == ["Text"] * 3


def test_an_empty_list_is_exported_with_headings():
    for write in (export.write_csv, export.write_xlsx):
        assert write(io.BytesIO(), COLUMNS, []) == 0


def test_chunks_have_every_row_once(office, django_assert_num_queries):
    for number in range(7):
        make_product(f"P{number}", "Thing", "1.00")
    with django_assert_num_queries(4):
        rows = list(export.in_chunks(Product.objects.all(), ["name", "-sku"], size=2))
    assert [row.sku for row in rows] == [f"P{number}" for number in reversed(range(7))]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_products_are_exported_with_the_filters_of_the_list(rita, mug, lamp, postage, kind):
    rows = table(signed_in(rita), reverse("catalogue:products") + "?q=mug", kind)
    assert rows[0][:2] == ["Code", "Name"]
    assert [row[0] for row in rows[1:]] == ["MUG"]
    assert Decimal(str(rows[1][rows[0].index("Price")])) == Decimal("12.00")
    entry = AuditEntry.objects.get(action="export_list")
    assert (entry.actor, entry.subject, entry.realm) == (rita, "products", Realm.OFFICE)
    assert entry.changes == {
        "format": [None, kind],
        "rows": [None, 1],
        "filter": [None, "q=…"],
    }


@any_day
def test_the_file_name_has_the_offices_date(moment: Moment, rita):
    answer = signed_in(rita).get(reverse("catalogue:products"), {"export": "csv"})
    name = f"the-paper-lantern-products-{moment.day.isoformat()}.csv"
    assert f'filename="{name}"' in answer["Content-Disposition"]


def test_orders_are_exported_by_tab_with_the_same_rows_in_both_formats(rita, mug, nora):
    orders = [place(rita, mug, customer=nora), place(rita, mug)]
    client = signed_in(rita)
    rows = table(client, reverse("frontdesk:orders"))
    assert [row[0] for row in rows[1:]] == [order.number for order in reversed(orders)]
    assert rows[2][3] == "Nora Nordmann"
    excel = table(client, reverse("frontdesk:orders"), "xlsx")
    assert excel[0] == rows[0]
    assert isinstance(excel[1][1], datetime)
    assert table(client, reverse("frontdesk:orders") + "?show=cancelled")[1:] == []
    filters = AuditEntry.objects.filter(action="export_list").order_by("pk").last()
    assert filters.changes["filter"] == [None, "show=cancelled"]


def test_a_sealed_complaint_is_exported_without_its_text(rita, nora):
    raise_complaint(
        actor=rita,
        customer=nora,
        category=ComplaintCategory.CONDUCT,
        description="He shouted at me",
        desired_outcome="An apology",
    )
    head, row = table(signed_in(rita), reverse("frontdesk:complaints"))
    said = dict(zip(head, row, strict=True))
    assert said["Sealed"] == "yes"
    known = {"Complaint", "Logged", "Customer number", "Customer", "State", "Sealed"}
    assert {title for title, value in said.items() if value} == known


def test_an_export_of_commissions_is_audited_for_hr_alone(hanna, rita, mug, drain):
    place(rita, mug)
    drain()
    rows = table(signed_in(hanna), reverse("hr:commissions"))
    assert rows[1][1] == "Rita Receptionist"
    assert AuditEntry.objects.get(action="export_list").realm == Realm.HR


def test_an_export_needs_the_permission_of_the_list(femi):
    answer = signed_in(femi).get(reverse("frontdesk:orders"), {"export": "csv"})
    assert answer.status_code == 403
    assert not AuditEntry.objects.filter(action="export_list").exists()


def test_an_unknown_format_answers_404(rita, office):
    assert signed_in(rita).get(reverse("frontdesk:orders"), {"export": "pdf"}).status_code == 404


def test_an_error_while_writing_gives_no_incomplete_file(rita, office, rf):
    request = rf.get("/", {"export": "csv"})
    request.user = rita

    def broken():
        yield ("first", Decimal(1))
        raise RuntimeError("the second row is broken")

    with pytest.raises(RuntimeError):
        export.respond(request, "csv", name="things", columns=COLUMNS, rows=broken())
    assert not AuditEntry.objects.filter(action="export_list").exists()


LISTS_WITH_FILTERS = [
    ("amir", "accounting:journal", {"from": "0026-11-01"}),
    ("amir", "accounting:journal", {"kind": "sale"}),
    ("amir", "accounting:accounts", {"at": "31.12.2026"}),
    ("amir", "accounting:tax", {"to": "2026-02-30"}),
    ("amir", "accounting:invoices", {"state": "late"}),
    ("hanna", "hr:commissions", {"month": "2026-13"}),
    ("femi", "tickets:queue", {"since": "1026-11-01"}),
    ("femi", "tickets:queue", {"priority": "soon"}),
    ("femi", "tickets:queue", {"late": "perhaps"}),
    ("ada", "audit:trail", {"until": "2026-11-31"}),
    ("maya", "dashboards:handoff-list", {"from": "yesterday"}),
    ("maya", "dashboards:trade", {"from": "2026-11-31", "to": "2026-12-01"}),
    ("rita", "catalogue:products", {"category": "Lamps"}),
]


@pytest.mark.parametrize(("who", "name", "query"), LISTS_WITH_FILTERS)
def test_a_filter_that_cannot_be_read_is_told_and_nothing_exported(who, name, query, office):
    client = signed_in(employ(who))
    url = reverse(name, args=["fulfilment"] if name == "tickets:queue" else [])
    page = client.get(url, query)
    assert page.status_code in (200, 422)
    assert re.search("left out|Enter a day|Enter a date", page.content.decode())
    answer = client.get(url, {**query, "export": "csv"})
    assert answer.status_code == 422
    assert "No file was made" in answer.content.decode()
    assert not AuditEntry.objects.filter(action="export_list").exists()
