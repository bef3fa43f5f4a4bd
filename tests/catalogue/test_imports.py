"""Importing products: adding, changing and refusing them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from officeflow.audit.models import AuditEntry
from officeflow.catalogue.actions import add_category
from officeflow.catalogue.models import Category, PriceList, Product
from officeflow.imports.actions import open_import_file, start_import_file
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.running import work
from tests.factories import make_product


@pytest.fixture
def import_products(ada, mug):
    """Returns a function that imports a file and returns the outcome of each row."""

    def read(
        data: str | bytes, *, kind: str = "products", actor=ada, options=None
    ) -> list[tuple[str, str]]:
        content = data if isinstance(data, bytes) else data.encode()
        before = Product.objects.count()
        import_file = open_import_file(
            actor=actor, kind=kind, file_name="file.csv", data=content, options=options
        )
        previewed = outcomes(import_file)
        assert Product.objects.count() == before
        start_import_file(actor=actor, import_file=import_file)
        work(import_file.number, seconds=60)
        assert outcomes(import_file) == previewed
        import_file.refresh_from_db()
        assert (
            import_file.rows_imported + import_file.rows_refused + import_file.rows_existing
            == import_file.rows_total
        )
        return previewed

    return read


def outcomes(import_file: ImportFile) -> list[tuple[str, str]]:
    rows = ImportRow.objects.filter(import_file=import_file).order_by("number")
    return [(row.outcome, row.reason) for row in rows]


def exported(user, query: str = "", kind: str = "csv") -> bytes:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/administration/products/?export={kind}{query}")
    return b"".join(answer.streaming_content)


def test_a_new_code_adds_a_product_with_the_standard_rate(import_products):
    found = import_products("item number;Title;Unit price\nlamp-1;Paper lamp;45,50\n")
    assert found == [("imported", "New product")]
    lamp = Product.objects.get(sku="LAMP-1")
    assert (lamp.name, lamp.price, lamp.tax_rate.code) == ("Paper lamp", 45.5, "VAT0.2000")
    assert (lamp.kind, lamp.unit, lamp.is_active) == ("goods", "piece", True)


def test_columns_are_read_in_any_order(import_products):
    make_product("X", "Exempt", "1.00", rate="0.0000")
    data = (
        "Is sold,EAN,VAT,Price,Currency,Price includes tax,Unit,Type,Category,Name,SKU\n"
        "no,036000291452,0 %,£9.99,GBP,yes,hours,Service,Lessons,Bird lesson,BIRD\n"
        "yes,,20,3.00,,,kg,goods,lessons,Seed,SEED\n"
    )
    assert import_products(data) == [("imported", "New product")] * 2
    bird = Product.objects.get(sku="BIRD")
    assert (bird.kind, bird.unit, bird.barcode) == ("service", "h", "036000291452")
    assert (bird.tax_rate.rate, bird.is_active) == (0, False)
    assert Category.objects.get().name == "Lessons"
    assert Product.objects.get(sku="SEED").category == bird.category


@pytest.mark.parametrize("said", ["standard", "STANDARD RATE", "20 %", "20,0", "20", "0.2"])
def test_a_tax_rate_is_found_by_code_name_or_percentage(import_products, said):
    rate = Product.objects.get(sku="MUG").tax_rate
    type(rate).objects.filter(pk=rate.pk).update(code="STANDARD", name="Standard rate")
    heading = "Tax" if said.isupper() else "Tax rate"
    assert import_products(f"Code;Name;Price;{heading}\nNEW;New;1,50;{said}\n") == [
        ("imported", "New product")
    ]
    assert Product.objects.get(sku="NEW").tax_rate == rate


def test_an_unknown_tax_rate_is_refused_with_the_existing_ones(import_products):
    (outcome, reason), *_more = import_products(
        "Code;Name;Price;Tax rate\nNEW;New;1,50;TVA 19,6 %\n"
    )
    code = Product.objects.get(sku="MUG").tax_rate.code
    assert (outcome, reason) == (
        "refused",
        f"Tax rate TVA 19,6 % does not exist. Use one of {code}.",
    )


def test_a_known_code_changes_its_product(import_products, ada):
    found = import_products("Code,Name,Price\nmug,,13.50\nMUG-2,Two mugs,20\n")
    assert found == [("imported", "Changes price £12.00 → £13.50"), ("imported", "New product")]
    mug = Product.objects.get(sku="MUG")
    assert (mug.name, mug.price, mug.version) == ("Blue mug", Decimal("13.5"), 2)
    entry = AuditEntry.objects.get(action="change_product")
    assert (entry.actor, entry.changes) == (ada, {"price": ["12.0000", "13.5000"]})


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("MUG,,1,,,\nmug,,2,,,", "Row 2 already has this code"),
        ("NEW,,1,,,", "needs a name"),
        ("NEW,New,,,,", "needs a price"),
        ("NEW,New,-1,,,", "0 or more"),
        ('NEW,New,"1,234",,,', "two numbers"),
        ("NEW,New,cheap,,,", "is not a number"),
        ("NEW?ONE,New,1,,,", "Use up to"),
        (",New,1,,,", "Code is empty"),
        ("NEW,New,1,7,,", "no tax rate of 7%"),
        ("NEW,New,1,,EUR,", "are in GBP, not EUR"),
        ("NEW,New,1,,,SHOP", "Price list SHOP does not exist"),
    ],
)
def test_invalid_rows_are_refused_with_a_reason(import_products, row, words):
    outcome, reason = import_products(f"Code,Name,Price,VAT,Currency,Price list\n{row}\n")[-1]
    assert outcome == "refused"
    assert words in reason
    assert Product.objects.count() == 1


def test_a_barcode_of_another_product_is_refused(import_products):
    data = "Code,Name,Price,Barcode\nA,One,1,123\nB,Two,2,123\n"
    assert [outcome for outcome, _reason in import_products(data)] == ["imported", "refused"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_importing_an_export_changes_nothing(import_products, ada, kind):
    category = add_category(actor=ada, name="Kitchen")
    Product.objects.update(category=category, barcode="0123456789")
    make_product("=EVIL", "+44 @home", "9.9950", rate="0.0850")
    make_product("NET", "Without tax", "100", includes_tax=False)
    make_product("OLD", "-gone", "1.00")
    Product.objects.filter(sku="OLD").update(is_active=False)
    Product.objects.filter(sku="=EVIL").update(sku="EVIL")
    before = list(Product.objects.order_by("sku").values())
    found = import_products(exported(ada, "&all=1", kind))
    assert found == [("existing", "Nothing to change")] * 4
    assert list(Product.objects.order_by("sku").values()) == before


def test_a_preview_needs_a_constant_number_of_queries(ada, mug, django_assert_max_num_queries):
    rows = "\n".join(f"P{number},Product {number},{number}.00" for number in range(300))
    with django_assert_max_num_queries(90):
        open_import_file(
            actor=ada, kind="products", file_name="x.csv", data=f"Code,Name,Price\n{rows}".encode()
        )


@pytest.mark.parametrize(
    ("prices", "cell", "includes_tax", "stored"),
    [
        ("without_tax", "", True, "12.0000"),
        ("with_tax", "", True, "10.0000"),
        ("", "", True, "10.0000"),
        ("without_tax", "yes", True, "10.0000"),
        ("with_tax", "no", True, "12.0000"),
        ("with_tax", "", False, "8.3333"),
        ("without_tax", "", False, "10.0000"),
    ],
)
def test_prices_with_and_without_tax_become_those_of_the_shop(
    import_products, mug, prices, cell, includes_tax, stored
):
    PriceList.objects.update(includes_tax=includes_tax)
    data = f"Code,Name,Price,Price includes tax\nMUG,Blue mug,10,{cell}"
    ((outcome, reason),) = import_products(data, options={"prices": prices})
    assert Product.objects.get().price == Decimal(stored)
    assert (outcome == "existing") == (stored == "12.0000"), reason
    assert import_products(data, options={"prices": prices}) == [("existing", "Nothing to change")]


def test_a_price_that_would_become_0_is_refused(import_products, mug):
    data = "Code,Name,Price\nMUG,Mug,0.00004"
    ((outcome, reason),) = import_products(data, options={"prices": "without_tax"})
    assert (outcome, "stored as 0" in reason) == ("refused", True), reason
    ((outcome, _reason),) = import_products(data, options={"prices": "with_tax"})
    assert (outcome, Product.objects.get().price) == ("refused", 12)


@pytest.mark.parametrize(
    ("barcode", "is_wrong"),
    [
        ("4006381333931", False),
        ("4006381333932", True),
        ("96385074", False),
        ("96385075", True),
        ("036000291452", False),
        ("036000291453", True),
        ("10012345678902", False),
        ("10012345678903", True),
        ("ABC-1", False),
        ("123456", False),
    ],
)
def test_a_barcode_with_a_wrong_check_digit_is_to_be_looked_at(
    import_products, barcode: str, is_wrong: bool
):
    data = f"Code,Name,Price,Barcode\nX1,Cup,1,{barcode}\n"
    ((outcome, reason),) = import_products(data)
    assert outcome == "imported"
    assert (f"check digit of barcode “{barcode}” is wrong" in reason) == is_wrong
    assert ImportRow.objects.get().is_warning == is_wrong
    assert Product.objects.get(sku="X1").barcode == barcode


@pytest.mark.parametrize("heading", ["Tax rate", "MwSt", "Tax in percent"])
def test_rates_below_1_are_fractions_if_all_of_the_file_are(import_products, heading: str):
    found = import_products(f"Code,Name,Price,{heading}\nA,Cup,1,0.2\nB,Cup,1,0.19\nC,Cup,1,0\n")
    assert found[0] == ("imported", "New product")
    assert found[1] == ("refused", "There is no tax rate of 19%. Add it first.")
    mixed = import_products(f"Code,Name,Price,{heading}\nD,Cup,1,20\nB,Cup,1,0.19\n")
    assert [each[0] for each in mixed] == ["imported", "refused"]


@pytest.mark.parametrize(("said", "unit"), [("Stück", "piece"), ("Std.", "h"), ("Litres", "l")])
def test_units_are_read_in_several_languages(import_products, said: str, unit: str):
    import_products(f"Code,Name,Price,Einheit\nX1,Thing,1,{said}\n")
    assert Product.objects.get(sku="X1").unit == unit


def test_a_rate_with_a_percent_sign_is_no_fraction(import_products):
    ((_outcome, reason),) = import_products("Code,Name,Price,Tax rate\nB,Cup,1,0.19 %\n")
    assert "tax rate of 0.19%" in reason


def test_all_faults_of_a_row_are_said(import_products):
    data = "Code,Name,Price,Kind,Sold by,Tax rate\nX1,,much,odd,stone,17 %\n"
    ((_outcome, reason),) = import_products(data)
    for words in ("needs a name", "Price “much”", "Kind must be", "Sold by must be", "tax rate of"):
        assert words in reason
    assert "needs a price" not in reason
