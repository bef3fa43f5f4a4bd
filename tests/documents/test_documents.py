"""PDF documents: their content, typefaces and pages."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.utils import translation
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from officeflow.documents.a4 import A4Document, Sum, TableColumn, TableRow, render_a4
from officeflow.documents.canvas import Canvas
from officeflow.documents.fonts import (
    BUILT_IN,
    EMBEDDED,
    UNKNOWN,
    Typeface,
    encodable,
    typeface_for,
)
from officeflow.documents.letterhead import Letterhead
from officeflow.documents.receipt import Item, ReceiptDocument, render_receipt

WHEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OFFICE = Letterhead(
    name="The Paper Lantern", address="1 Lantern Lane", phone="020 7946 0000", tax_number="GB 1"
)


def document(to: str = "Nora Nordmann", rows: int = 1) -> A4Document:
    return A4Document(
        title="Invoice",
        number="INV-2026-000001",
        at=WHEN,
        letterhead=OFFICE,
        to=[to],
        facts=[("Issued", "2 March 2026")],
        columns=[TableColumn("Description", 120, "L"), TableColumn("Total", 54)],
        rows=[TableRow((f"Mug {n}", "£12.00"), "MUG") for n in range(rows)],
        tax_columns=[TableColumn("Rate", 40, "L")],
        tax_rows=[("20 %",)],
        sums=[Sum("Total to pay", "£12.00", is_strong=True)],
    )


def pages(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize(
    ("name", "family", "needs_shaping"),
    [
        ("Zoë Größe, 5 € − 1", BUILT_IN, False),
        ("Zdeňka Nováková", EMBEDDED, False),
        ("Nguyễn Thị Mai", EMBEDDED, False),
        ("हिन्दी नाम", EMBEDDED, True),
        ("محمد", EMBEDDED, True),
        ("山田", EMBEDDED, False),
        ("રમેશભાઈ", EMBEDDED, True),
    ],
)
def test_the_smallest_typeface_with_all_characters_is_chosen(
    name: str, family: str, needs_shaping: bool
) -> None:
    typeface = typeface_for(["Invoice", name])
    assert (typeface.family, typeface.needs_shaping) == (family, needs_shaping)


@pytest.mark.parametrize(
    "name",
    [
        "Nora Nordmann",
        "Zdeňka Nováková",
        "Nguyễn Thị Mai",
        "محمد",
        "山田太郎",
        "王小明",
        "김민준",
        "สมชาย",
        "ሰላም",
        "😀 Ltd",
    ],
)
def test_names_in_any_script_can_be_extracted(name: str) -> None:
    (text,) = pages(render_a4(document(name)))
    for words in (name, "The Paper Lantern", "GB 1", "2 March 2026", "£12.00", "Page 1 of 1"):
        assert words in text


# A greeting in each script that the fonts have.
GREETINGS = (
    "નમસ્તે নমস্কার ਸਤਿ ನಮಸ್ಕಾರ សួស្តី ສະບາຍດີ നമസ്കാരം မင်္ဂလာပါ ନମସ୍କାର ආයුබෝවන් வணக்கம் నమస్కారం "
    "Բարեւ ሰላም 你好 こんにちは 안녕하세요 สวัสดี नमस्ते مرحبا שלום გამარჯობა Γεια Привет ☎ 😀🎉"
)


@pytest.mark.parametrize("greeting", GREETINGS.split())
def test_every_script_is_printed(greeting: str) -> None:
    assert UNKNOWN not in encodable(greeting, typeface_for([greeting]))
    assert render_a4(document(greeting)) == render_a4(document(greeting))


def test_one_document_has_every_script() -> None:
    assert UNKNOWN not in encodable(GREETINGS, typeface_for([GREETINGS]))
    (text,) = pages(render_a4(document(GREETINGS)))
    assert "你好" in text


@pytest.mark.parametrize(
    ("name", "language", "region"),
    [
        ("山田さん", "en-gb", "JP"),
        ("김 山田", "en-gb", "KR"),
        ("王小明", "en-gb", "SC"),
        ("王小明", "zh-hant", "TC"),
        ("王小明", "ja", "JP"),
    ],
)
def test_chinese_characters_have_the_shapes_of_their_region(
    name: str, language: str, region: str
) -> None:
    with translation.override(language):
        (font,) = typeface_for([name]).fallbacks
    assert font.name == region


def test_a_character_that_no_font_has_is_an_empty_box() -> None:
    (text,) = pages(render_a4(document("\U00013000 Taro")))
    assert f"{UNKNOWN} Taro" in text


LONG_WORD = "Überseehandelsgesellschaftsverwaltungsbürogebäudereinigungsfirma"
# Words of several fonts, and what could be taken for a placeholder or an operator of a PDF.
FOREIGN = ("王小明有限公司", "🎁", "😀🎉", "Привет", "Καλημέρα", "Բարեւ", "ሰላም", "こんにちは")
SCRIPTS = st.sampled_from((*FOREIGN, LONG_WORD, "Zdeňka", "안녕하세요", "{nb}", "a(b)c\\d", "12"))
MIXED = st.lists(
    st.lists(SCRIPTS, min_size=1, max_size=4).map("".join), min_size=1, max_size=5
).map(" ".join)


@given(texts=st.lists(MIXED, min_size=3, max_size=3))
@example(texts=[f"王小明 {LONG_WORD}", f"🎁 {LONG_WORD}", "£12"])
@settings(max_examples=25)
def test_every_mixture_of_scripts_is_extracted_as_it_was_written(texts: list[str]) -> None:
    def joined(content: bytes) -> str:
        return "".join("".join(pages(content)).split())

    name, product, note = texts
    invoice = joined(
        render_a4(
            replace(
                document(name),
                rows=[TableRow((product, "£12.00"), "MUG")],
                sums=[Sum(product, "£12.00")],
                notes=[note],
            )
        )
    )
    receipt = joined(
        render_receipt(
            ReceiptDocument(
                title="Receipt",
                number="PY-000001",
                at=WHEN,
                letterhead=replace(OFFICE, name=name),
                facts=[("Customer", product)],
                blocks=[[Item("Mug", "£12.00")]],
                closing=[note],
            )
        )
    )
    for text in texts:
        assert "".join(text.split()) in invoice
        assert "".join(text.split()) in receipt
    for plain in ("2March2026", "MUG", "£12.00", "GB1"):
        assert plain in invoice


def test_characters_of_another_font_do_not_change_the_size_of_what_follows() -> None:
    sizes: dict[str, float] = {}

    def visit(text: str, _cm: object, _tm: object, _font: object, size: float) -> None:
        sizes[text.strip()] = size

    row = TableRow((f"🎁 {LONG_WORD}", "£13.00"), "MUG")
    drawn = render_a4(replace(document(f"王小明 {LONG_WORD}"), rows=[row]))
    PdfReader(io.BytesIO(drawn)).pages[0].extract_text(visitor_text=visit)
    assert (sizes["2 March 2026"], sizes["£13.00"], sizes["MUG"]) == (9, 9, 8)
    assert {size for text, size in sizes.items() if text in LONG_WORD and text} == {9, 10.5}


WORDS = st.text(
    st.sampled_from("abcW .,-\n\tßﬃ́山田રમેશ😀م\u202e\u200c\u200d"), max_size=400
) | st.integers(1, 4000).map(lambda length: "x" * length)


@given(text=WORDS, width=st.sampled_from([5.0, 40.0, 170.0]))
def test_wrapping_measures_each_character_a_few_times_at_most(text: str, width: float) -> None:
    canvas = Canvas(Typeface(BUILT_IN), size=(210, 297), title="", author="", at=WHEN)
    measured: list[str] = []

    def measure(part: str) -> float:
        measured.append(part)
        return 2.0 * len(part)

    canvas._measure = measure  # type: ignore[method-assign]
    lines = canvas.wrap(text, width)
    # With its word, by itself in a long word, and in the last piece of that.
    assert sum(map(len, measured)) <= 3 * len(text) + len(text.splitlines()) + 1
    whole = encodable("".join(text.split()), canvas.typeface)
    assert "".join("".join(lines).split()) == whole


def test_a_long_address_stays_on_its_page() -> None:
    address = "\n".join(["a"] * 500)
    to = ["W" * 200, *address.splitlines()]
    (text,) = pages(render_a4(replace(document(), to=to)))
    assert "Total to pay" in text
    assert text.replace("\n", " ").count("a, a") > 200


def test_each_page_repeats_title_and_headings() -> None:
    found = pages(render_a4(document(rows=60)))
    assert len(found) > 2
    for number, text in enumerate(found, start=1):
        assert f"Page {number} of {len(found)}" in text
        assert "INV-2026-000001" in text
    assert all("Description" in text for text in found[:-1])
    assert sum(text.count("MUG") for text in found) == 60
    assert "Total to pay" in found[-1]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert render_a4(document()) == render_a4(document())


def test_a_receipt_is_as_long_as_its_content() -> None:
    def document(items: int) -> bytes:
        return render_receipt(
            ReceiptDocument(
                title="Receipt",
                number="PY-000001",
                at=WHEN,
                letterhead=OFFICE,
                facts=[("Order", "SO-000001")],
                blocks=[
                    [Item("A mug with a name that is too long for one line", "£12.00")] * items
                ],
            )
        )

    short, long = (PdfReader(io.BytesIO(document(n))).pages for n in (1, 40))
    assert len(short) == len(long) == 1
    assert round(float(short[0].mediabox.width)) == 227  # 80 mm in points
    assert long[0].mediabox.height > 4 * short[0].mediabox.height
