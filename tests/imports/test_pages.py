"""The pages of imports: permissions, content, and progress without a worker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from officeflow.company.models import Office
from officeflow.imports.models import ImportFile, ImportRow
from officeflow.imports.states import ImportState
from officeflow.staff.models import User
from tests.imports.conftest import Words, sheet

Opened = Callable[..., ImportFile]
pytestmark = pytest.mark.usefixtures("office", "words")


@pytest.fixture
def as_maya(client: Client, maya: User) -> Client:
    client.force_login(maya, backend="django.contrib.auth.backends.ModelBackend")
    return client


def send(client: Client, data: bytes, **more: str):  # type: ignore[no-untyped-def]
    file = SimpleUploadedFile("words.csv", data)
    return client.post(reverse("imports:new", args=["words"]), {"file": file, **more})


def choose(client: Client, *meanings: str, **more: str):  # type: ignore[no-untyped-def]
    """Chooses what the columns of the only file mean."""
    columns = {f"column_{place}": meaning for place, meaning in enumerate(meanings)}
    address = reverse("imports:check", args=[ImportFile.objects.get().number])
    return client.post(address, {**columns, "source": "dictionary", **more})


def test_the_pages_need_a_permission(client: Client, rita: User) -> None:
    client.force_login(rita, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("imports:files")).status_code == 403


def test_kinds_without_permission_answer_404(as_maya: Client, opened: Opened) -> None:
    assert as_maya.get(reverse("imports:new", args=["nonsense"])).status_code == 404
    import_file = opened("a,one", start=False)
    ImportFile.objects.update(kind="products")  # which a manager may not import
    assert as_maya.get(reverse("imports:file", args=[import_file.number])).status_code == 404


def test_a_missing_column_is_one_problem_beside_its_field(as_maya: Client) -> None:
    send(as_maya, sheet("a,one"))
    answer = choose(as_maya, "Group", "")
    assert answer.status_code == 422
    assert answer.text.count("There is a problem") == 1
    assert answer.text.count('<a href="#id_value_1">') == 1


def test_a_file_is_imported_and_reported_without_a_worker(as_maya: Client, words: Words) -> None:
    send(as_maya, sheet("a,one", "a,no", "b,two"))
    page = as_maya.get(choose(as_maya, "Group", "Word").url).content.decode()
    assert "2 to import + 1 refused + 0 already there = 3 rows" in page
    assert words.known == set()
    import_file = ImportFile.objects.get()
    as_maya.post(reverse("imports:start", args=[import_file.number]))
    ImportFile.objects.update(lease_until="2026-01-01T00:00:00Z")  # no worker has the lease
    answer = as_maya.get(reverse("imports:progress", args=[import_file.number]))
    assert answer["HX-Refresh"] == "true"
    assert words.known == {"one", "two"}
    page = as_maya.get(reverse("imports:file", args=[import_file.number])).content.decode()
    assert "What was created" in page
    report = as_maya.get(reverse("imports:report", args=[import_file.number]), {"export": "csv"})
    text = b"".join(report.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert text[0] == "Row,Outcome,Reason,Record,Group,Word,Note"
    assert text[2] == "3,Refused,No.,,a,no,"
    assert len(text) == 4


def test_progress_answers_304_while_nothing_has_changed(as_maya: Client, opened: Opened) -> None:
    address = reverse("imports:progress", args=[opened("a,one").number])
    etag = as_maya.get(address)["ETag"]
    assert as_maya.get(address, headers={"If-None-Match": etag}).status_code == 304


def test_the_same_form_twice_opens_one_file(as_maya: Client) -> None:
    send(as_maya, sheet("a,one"), idempotency_key="k")
    send(as_maya, sheet("a,one"), idempotency_key="k")
    assert ImportFile.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "words_said"),
    [
        (b"", "empty"),
        (b"Group,Word", "no rows"),
        (b"\x00\x01\x02,\x00", "not a CSV or XLSX"),
        (b"PK\x03\x04 not really", "damaged"),
        (b"\xd0\xcf\x11\xe0old", "old Excel"),
    ],
)
def test_an_unreadable_file_shows_an_error_beside_the_field(
    as_maya: Client, data: bytes, words_said: str
) -> None:
    answer = send(as_maya, data)
    assert answer.status_code == 422
    assert words_said in answer.content.decode()
    assert ImportFile.objects.count() == 0


def test_a_file_is_stopped_and_discarded_in_the_right_states_only(
    as_maya: Client, opened: Opened
) -> None:
    import_file = opened("a,one")
    for verb, state in (("discard", ImportState.RUNNING), ("stop", ImportState.STOPPED)):
        as_maya.post(reverse(f"imports:{verb}", args=[import_file.number]))
        import_file.refresh_from_db()
        assert import_file.state == state


def test_queries_do_not_grow_with_rows(
    as_maya: Client, opened: Opened, django_assert_max_num_queries
) -> None:  # type: ignore[no-untyped-def]
    opened("a,one", start=False)
    many = opened(*(f"g{n},w{n}" for n in range(60)), start=False)
    with django_assert_max_num_queries(16):
        as_maya.get(reverse("imports:file", args=[many.number]))
    with django_assert_max_num_queries(12):
        as_maya.get(reverse("imports:files"))


def test_the_template_has_the_headings(as_maya: Client, office: Office) -> None:
    answer = as_maya.get(reverse("imports:template", args=["words"]))
    assert answer.content.decode("utf-8-sig").splitlines()[0] == "Group,Word,Note"


def test_columns_are_chosen_remembered_and_chosen_again(as_maya: Client) -> None:
    data = b"Gruppe;Was\na;one\nb;two"
    page = as_maya.get(send(as_maya, data).url).content.decode()
    assert "Gruppe" in page
    assert "one" in page
    assert choose(as_maya, "", "Word").status_code == 422
    assert choose(as_maya, "Word", "Word").status_code == 422
    answer = choose(as_maya, "", "Word", value_0="all")
    assert "2 to import" in as_maya.get(answer.url).content.decode()
    first = ImportFile.objects.get()
    assert first.unread_headings == ["Gruppe"]
    as_maya.post(reverse("imports:columns", args=[first.number]))
    assert ImportRow.objects.count() == 0
    choose(as_maya, "Group", "Word")
    send(as_maya, data + b"\nc;three", idempotency_key="k")
    again = ImportFile.objects.latest("pk")
    assert again.mapping["columns"] == {"Group": [0], "Word": [1]}
    page = as_maya.get(reverse("imports:file", args=[again.number])).content.decode()
    assert first.number in page


def test_a_file_is_read_in_another_encoding(as_maya: Client) -> None:
    send(as_maya, "Group;Word\na;Łódź\n".encode("cp1250"))
    found = ImportFile.objects.get()
    address = reverse("imports:layout", args=[found.number])
    as_maya.post(
        address, {"encoding": "cp1250", "delimiter": ";", "heading_line": "1"}, follow=True
    )
    page = as_maya.get(reverse("imports:file", args=[found.number])).content.decode()
    assert "Łódź" in page
    wrong = {"encoding": "utf-8-sig", "delimiter": ";", "heading_line": "1"}
    answer = as_maya.post(address, wrong)
    assert answer.status_code == 422
    assert "Choose another encoding" in answer.content.decode()


def test_refused_rows_are_a_file_of_their_own(as_maya: Client, opened: Opened) -> None:
    import_file = opened("a,one", "a,no", start=False)
    address = reverse("imports:report", args=[import_file.number])
    answer = as_maya.get(address, {"export": "csv", "show": "refused"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[:3] for line in text[1:]] == [["3", "Refused", "No."]]


def test_refused_rows_are_counted_by_reason_and_shown_page_by_page(
    as_maya: Client, opened: Opened
) -> None:
    import_file = opened(*(f"g{n},no" for n in range(70)), "h,fine", start=False)
    page = as_maya.get(reverse("imports:file", args=[import_file.number]), {"show": "refused"})
    assert len(page.context["lines"]) == 50
    reasons = [(each.reason, each.rows, each.first_row) for each in page.context["reasons"]]
    assert reasons == [("No.", 70, 2)]
