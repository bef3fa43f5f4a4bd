"""What the columns page shows of a file, as each choice would read it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils.formats import date_format

from frontdesk.order_log.importer import OrderLog
from officeflow.company.models import Office
from officeflow.imports import samples
from officeflow.imports.actions import upload_import_file
from officeflow.imports.content import content_of
from officeflow.imports.numbers import SheetNumber
from officeflow.imports.proposals import propose
from officeflow.imports.reading import Line, Sample, find_layout, read_sample
from officeflow.staff.models import User

pytestmark = pytest.mark.usefixtures("office")
HEAD = "Order no,Date,Item,Qty,Price"


def read(*rows: str) -> Sample:
    content = content_of("\n".join([HEAD, *rows]).encode())
    return read_sample(content, find_layout(content, []))


def test_numbers_are_shown_as_each_decimal_sign_reads_them(office: Office) -> None:
    sample = read('1,2024-05-03,Lamp,1,"1,234"', '1,2024-05-03,Lamp,1,"5,000"')
    found = samples.number_samples(OrderLog(), sample, propose(OrderLog(), sample))
    assert found["."] == ["1,234 → 1,234.00", "5,000 → 5,000.00"]
    assert found[","] == ["1,234 → 1.234", "5,000 → 5.00"]
    assert all("can mean two" in each for each in found[""])


def test_a_sign_that_the_file_shows_is_used_unless_another_is_chosen() -> None:
    sample = read('1,2024-05-03,Lamp,1,"1,234.50"', '1,2024-05-03,Lamp,1,"5,000"')
    found = samples.number_samples(OrderLog(), sample, propose(OrderLog(), sample))
    assert found[""][0] == "5,000 → 5,000.00"


def test_numbers_and_dates_with_one_reading_are_not_asked_about() -> None:
    sample = read('1,2024-05-03,Lamp,1,"2,5"', '1,2024-05-04,Lamp,1,"14,76"')
    proposed = propose(OrderLog(), sample)
    assert samples.number_samples(OrderLog(), sample, proposed) == {}
    assert samples.date_samples(OrderLog(), sample, proposed) == {}


def test_dates_are_shown_as_each_order_reads_them() -> None:
    sample = read("1,04/03/2024,Lamp,1,5")
    found = samples.date_samples(OrderLog(), sample, propose(OrderLog(), sample))
    march, april = date(2024, 3, 4), date(2024, 4, 3)
    assert found["dmy"] == [f"04/03/2024 → {date_format(march, 'DATE_FORMAT')}"]
    assert found["mdy"] == [f"04/03/2024 → {date_format(april, 'DATE_FORMAT')}"]
    assert "" not in found  # it would refuse every row
    shown = read("1,04/03/2024,Lamp,1,5", "2,22/03/2024,Lamp,1,5")
    found = samples.date_samples(OrderLog(), shown, propose(OrderLog(), shown))
    assert found[""] == found["dmy"]


def test_letters_are_shown_in_each_encoding_that_can_read_them() -> None:
    data = "Name;Phone\nŁódź;1\nŻółty;2".encode("cp1250")
    content = content_of(data)
    found = samples.encoding_samples(content, find_layout(content, ["Name", "Phone"]))
    assert found["cp1250"] == ["Łódź", "Żółty"]
    assert found["cp1252"] != found["cp1250"]
    assert "utf-8-sig" not in found


def test_text_that_is_unicode_is_nothing_else() -> None:
    content = content_of("Name,Phone\nŁódź,1".encode())
    layout = find_layout(content, ["Name"])
    assert samples.encoding_samples(content, layout) == {"utf-8-sig": ["Łódź"]}
    plain = content_of(b"Name,Phone\nAnn,1")
    assert samples.encoding_samples(plain, find_layout(plain, ["Name"])) == {}


def test_the_numbers_of_a_workbook_are_not_asked_about() -> None:
    sheet = Sample(
        headings=HEAD.split(","),
        lines=[Line(2, ["1", "2024-05-03", "Lamp", SheetNumber("2.5"), SheetNumber("1.79")])],
    )
    assert samples.number_samples(OrderLog(), sheet, propose(OrderLog(), sheet)) == {}


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (HEAD, "the numbers of the columns chosen above have no point or comma"),
        ("Order no,Date,Item,Odd,Odder", "No column with numbers is chosen yet"),
    ],
)
def test_the_page_says_of_numbers_only_what_is_true(
    maya: User, client: Client, head: str, words: str
) -> None:
    found = upload_import_file(
        actor=maya,
        kind="orders",
        file_name="x.csv",
        parts=[f"{head}\n1,2024-05-03,Lamp,1,5\n".encode()],
    )
    client.force_login(maya)
    assert words in client.get(f"/imports/{found.number}/").content.decode()
