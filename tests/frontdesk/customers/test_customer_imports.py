"""Importing customers without duplicates."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from frontdesk.customers.models import Customer
from officeflow.audit.models import AuditEntry
from officeflow.imports.actions import open_import_file, start_import_file
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.running import work
from tests.factories import CustomerFactory, make_office
from tests.people import employ


@pytest.fixture
def read_in(maya, nora):
    """Imports a file; returns each row's outcome, reason and record of preview and import."""

    def read(data: str | bytes) -> list[tuple[str, str, str]]:
        content = data if isinstance(data, bytes) else data.encode()
        import_file = open_import_file(
            actor=maya, kind="customers", file_name="file.csv", data=content
        )
        foreseen = outcomes(import_file)
        start_import_file(actor=maya, import_file=import_file)
        work(import_file.number, seconds=60)
        came = outcomes(import_file)
        assert [each[0] for each in came] == [each[0] for each in foreseen]
        import_file.refresh_from_db()
        assert (
            import_file.rows_imported + import_file.rows_refused + import_file.rows_existing
            == import_file.rows_total
        )
        return came

    return read


def outcomes(import_file: ImportFile) -> list[tuple[str, str, str]]:
    rows = ImportRow.objects.filter(import_file=import_file).order_by("number")
    return [(row.outcome, row.reason, row.reference) for row in rows]


HEADS = "Number,Name,Phone,E-mail,Address,Note,Gets e-mail,Active"


def test_a_new_customer_gets_a_number_and_a_repeated_file_adds_none(read_in, maya):
    data = (
        f"{HEADS}\n"
        ",Émile  Žižka,+420 601 123 456,emile@example.org,Praha 1,Rings twice,no,yes\n"
        ",Ann Other,,,,,,no\n"
    )
    first, second = read_in(data)
    emile = Customer.objects.get(number=first[2])
    assert (emile.name, emile.phone_key, emile.wants_mail) == (
        "Émile Žižka",
        "+420601123456",
        False,
    )
    assert (emile.address, emile.note, emile.created_by) == ("Praha 1", "Rings twice", maya)
    assert not Customer.objects.get(number=second[2]).is_active
    again = read_in(data)
    assert [(each[0], each[2]) for each in again] == [
        ("existing", first[2]),
        ("existing", second[2]),
    ]
    assert Customer.objects.count() == 3


@pytest.mark.parametrize(
    ("row", "outcome", "words"),
    [
        (",nora nordmann,0044 20 79460958,,,,,", "existing", "Same phone as"),
        (",N. Nordmann,0044 20 79460958,,,,,", "imported", "but another name"),
        (",Somebody,,NORA@example.org,,,,", "existing", "Same e-mail as"),
        (",nora NORDMANN,,,,,,", "existing", "Same name as"),
        (",Nora Nordmann,020 7946 0000,,,,,", "imported", "New customer"),
        ("NR,Nora Nordmann,,,New address,,,", "imported", "Changes address"),
        ("NR,Nora N.,020 7946 0958,,,,,", "imported", "Changes name"),
        ("NR,Nora Nordmann,,,,,,", "existing", "Nothing to change"),
        ("NR,Somebody Else,,,,,,", "refused", "belongs to Nora Nordmann"),
        ("CU-999999,Nora Nordmann,,,,,,", "refused", "Customer CU-999999 does not exist"),
        ("17850,Nora Nordmann,,,,,,", "refused", "is not a customer number"),
        (",,,,,,,yes", "refused", "Enter the customer's name"),
        (",Bad Mail,,nowhere,,,,", "refused", "Enter an e-mail address"),
        (",Bad Phone,none,,,,,", "refused", "Enter a phone number"),
        (",Bad Flag,,,,,perhaps,", "refused", "Gets e-mail must be yes or no"),
    ],
)
def test_a_row_matches_an_existing_customer(read_in, nora, row, outcome, words):
    ((came, reason, _reference),) = read_in(f"{HEADS}\n{row.replace('NR', nora.number)}\n")
    assert came == outcome
    assert words in reason


def test_people_who_share_a_phone_are_added_when_the_file_says_so(read_in, nora):
    data = (
        "Name,Phone,E-mail,Another person\n"
        f"Nils Nordmann,{nora.phone},,yes\n"
        f"Nele Nordmann,{nora.phone},,\n"
    )
    assert [each[0] for each in read_in(data)] == ["imported", "imported"]
    assert [each[0] for each in read_in(data)] == ["existing", "existing"]
    assert Customer.objects.filter(phone_key=nora.phone_key).count() == 3


SHARED = (
    "Customer ID,Name,Phone,E-mail\n"
    "1,Ann Lee,020 7000 0000,ann@example.org\n"
    "2,Ben Lee,020 7000 0000,ben@example.org\n"
    "3,Ben Lee,020 7000 0000,\n"
    ",Ann Lee,020 7000 0000,other@example.org\n"
    ",ann lee,020 7000 0000,\n"
    "4,Flat Owner,,\n"
    "5,Flat Owner,,\n"
)


def test_people_who_share_a_phone_are_customers_of_their_own(read_in):
    came = read_in(SHARED)
    assert [each[0] for each in came] == ["imported"] * 4 + ["existing"] + ["imported"] * 2
    first, sharing, numbered, mailed, same, _owner, other = came
    assert sharing[1] == f"New customer. Same phone as {first[2]} Ann Lee, but another name"
    assert "another number of the other program" in numbered[1]
    assert "another e-mail" in mailed[1]
    assert same[2] == first[2]
    assert "Same name as" in other[1]
    assert ImportRow.objects.filter(is_warning=True).count() == 4
    again = read_in(SHARED)
    assert [each[0] for each in again] == ["existing"] * 7
    assert [each[2] for each in again] == [each[2] for each in came]


def test_people_who_share_a_phone_are_left_out_when_the_person_chooses_so(maya, nora, client):
    found = open_import_file(
        actor=maya, kind="customers", file_name="file.csv", data=SHARED.encode()
    )
    client.force_login(maya, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/imports/{found.number}/").content.decode()
    assert "4 rows have the phone, e-mail or name of another customer" in page
    client.post(f"/imports/{found.number}/choose/", {"shared": "odd"})
    assert [each[0] for each in outcomes(found)].count("imported") == 6
    client.post(f"/imports/{found.number}/choose/", {"shared": "leave_out"})
    foreseen = outcomes(found)
    assert [each[0] for each in foreseen].count("refused") == 4
    assert "Same phone as row 2 Ann Lee, but another name. Enter yes" in foreseen[1][1]
    assert "4 rows have" in client.get(f"/imports/{found.number}/").content.decode()
    found.refresh_from_db()
    start_import_file(actor=maya, import_file=found)
    work(found.number, seconds=60)
    assert [each[0] for each in outcomes(found)] == [each[0] for each in foreseen]
    report = client.get(f"/imports/{found.number}/report/?show=refused&export=csv")
    assert len(report.getvalue().decode().splitlines()) == 5
    assert Customer.objects.filter(name__endswith="Lee").count() == 1


def test_the_second_row_about_a_person_is_existing(read_in):
    rows = read_in(f"{HEADS}\n,Ann Other,020 7000 0000,,,,,\n,ann OTHER,02070000000,,,,,\n")
    assert [row[0] for row in rows] == ["imported", "existing"]
    assert rows[1][2] == rows[0][2]


def test_a_merged_record_is_not_changed(read_in, nora):
    kept = Customer.objects.create(number="CU-900001", name="Kept", name_key="kept")
    Customer.objects.filter(pk=nora.pk).update(merged_into=kept, is_active=False)
    ((outcome, reason, _reference),) = read_in(
        f"{HEADS}\n{nora.number},Nora Nordmann,,,Elsewhere,,,\n"
    )
    assert (outcome, reason) == (
        "refused",
        f"{nora.number} was merged into CU-900001. Change that one instead.",
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_importing_an_export_changes_nothing(read_in, maya, nora, kind):
    Customer.objects.filter(pk=nora.pk).update(
        phone="+44 20 7946 0958", address="1 High Street\r\nLondon", note="=not a formula"
    )
    for number, name in (("CU-900001", "Ann Other"), ("CU-900002", "Ann Other")):
        Customer.objects.create(number=number, name=name, name_key="ann other", wants_mail=False)
    before = list(Customer.objects.order_by("pk").values())
    client = Client()
    client.force_login(maya, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/desk/customers/?export={kind}")
    rows = read_in(b"".join(answer.streaming_content))
    assert [row[:2] for row in rows] == [("existing", "Nothing to change")] * 3
    assert list(Customer.objects.order_by("pk").values()) == before
    assert not AuditEntry.objects.filter(action="change_customer").exists()


def test_a_preview_needs_no_more_queries_for_more_rows(maya, nora, django_assert_max_num_queries):
    rows = "\n".join(f",Person {number},0207946{number:04d},,,,," for number in range(300))
    with django_assert_max_num_queries(90):
        open_import_file(
            actor=maya, kind="customers", file_name="x.csv", data=f"{HEADS}\n{rows}".encode()
        )


def test_a_number_that_an_earlier_row_gives_to_a_known_customer_is_known(read_in, nora):
    heads = "Other number,Name,Phone,E-mail"
    found = read_in(
        f"{heads}\n7,Nora Nordmann,,nora@example.org\n7,Somebody,020 7946 0001,s@example.org\n"
    )
    assert [(each[0], each[2]) for each in found] == [("existing", nora.number)] * 2


class ForeseenRows(TestCase):
    """The preview says of each row what the import does."""

    @settings(deadline=None, max_examples=25)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["", "1", "2"]),
                st.sampled_from(["Nora Nordmann", "Ann", "Bo"]),
                st.sampled_from(["", "020 7946 0958", "020 7946 0001", "020 7946 0002"]),
                st.sampled_from(["", "nora@example.org", "a@example.org", "b@example.org"]),
                st.sampled_from(["", "yes"]),
            ),
            min_size=1,
            max_size=7,
        )
    )
    def test_preview_and_import_agree(self, rows: list[tuple[str, ...]]) -> None:
        make_office()
        CustomerFactory(
            name="Nora Nordmann",
            phone="020 7946 0958",
            phone_key="+442079460958",
            email="nora@example.org",
            email_key="nora@example.org",
        )
        maya = employ("maya")
        data = "\n".join(
            map(",".join, [("Other number", "Name", "Phone", "E-mail", "Another person"), *rows])
        )
        import_file = open_import_file(
            actor=maya, kind="customers", file_name="file.csv", data=data.encode()
        )
        foreseen = [each[0] for each in outcomes(import_file)]
        start_import_file(actor=maya, import_file=import_file)
        work(import_file.number, seconds=60)
        assert [each[0] for each in outcomes(import_file)] == foreseen
