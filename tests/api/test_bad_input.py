"""Invalid input is answered with a problem, never with an error of the server."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.test import APIClient

from officeflow.api.bodies import Body
from officeflow.api.shared_serializers import shared_serializer
from officeflow.catalogue.models import Product
from tests.api.conftest import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]

JSON = "application/json"


@pytest.fixture
def body(mug: Product) -> dict[str, object]:
    return {"customer": None, "lines": [{"sku": mug.sku, "quantity": 1}], "note": ""}


@pytest.mark.parametrize(
    "wrong",
    [
        {"customer": "\ud800"},
        {"customer": "\0"},
        {"customer": "CU-²"},
        {"customer": "CU-" + "9" * 5000},
        {"customer": {"name": "Nora", "email": "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".com"}},
        {"delivery": "\ud800"},
        {"lines": [{"sku": "\ud800", "quantity": 1}]},
        {"note": "\ud800"},
    ],
)
def test_an_order_with_invalid_text_is_refused(
    caller: Caller, body: dict[str, object], wrong: dict[str, object]
) -> None:
    answer = caller("rita").post(
        "/api/v1/orders/",
        json.dumps(body | wrong),
        content_type=JSON,
        headers={"Idempotency-Key": "invalid"},
    )
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "wrong", [{"order": "SO-²"}, {"category": "\ud800"}, {"severity": "\ud800"}]
)
def test_a_complaint_with_invalid_text_is_refused(
    caller: Caller, office: object, wrong: dict[str, object]
) -> None:
    answer = caller("rita").post(
        "/api/v1/complaints/",
        json.dumps({"customer": None, "category": "goods", "description": "d"} | wrong),
        content_type=JSON,
        headers={"Idempotency-Key": "invalid"},
    )
    assert answer.status_code == 400, answer.content


@pytest.mark.parametrize(
    "raw", ["[" * 30_000 + "]" * 30_000, '{"a":' * 500 + "1" + "}" * 500, b"\xff\xfe", "{", "nul"]
)
def test_invalid_json_is_refused(raw: str | bytes) -> None:
    answer = APIClient().post("/api/v1/auth/login/", raw, content_type=JSON)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_a_large_body_is_refused(settings: object) -> None:
    raw = json.dumps({"username": "rita", "password": "x" * 3_000_000})
    assert APIClient().post("/api/v1/auth/login/", raw, content_type=JSON).status_code == 413


@pytest.mark.parametrize("place", ["p=abc", "p=\0", "p=1.5", "p=NaN", "r=1&p=x", "p=１"])
def test_an_invalid_cursor_is_refused(caller: Caller, office: object, place: str) -> None:
    answer = caller("rita").read("orders/", cursor=b64encode(place.encode()).decode())
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize("number", ["SO-²", "SO-000001%20"])
def test_an_invalid_number_is_not_found(caller: Caller, office: object, number: str) -> None:
    answer = caller("rita").get(f"/api/v1/orders/{number}/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_an_unknown_url_answers_a_problem(db: None) -> None:
    answer = APIClient().get("/api/v1/nothing/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_a_token_that_is_not_ascii_is_refused(db: None) -> None:
    answer = APIClient().get("/api/v1/orders/", headers={"Authorization": "Token ÿ"})
    assert answer.status_code == 401


def test_a_long_user_name_is_refused(db: None) -> None:
    answer = APIClient().post(
        "/api/v1/auth/login/", {"username": "x" * 10_000, "password": "y"}, format="json"
    )
    assert answer.status_code == 400


def test_an_order_with_too_many_lines_is_refused(caller: Caller, body: dict[str, object]) -> None:
    answer = caller("rita").send("orders/", body | {"lines": body["lines"] * 501})  # type: ignore[operator]
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "lines"


def test_the_spelling_of_a_number_does_not_matter_for_the_key(
    caller: Caller, body: dict[str, object]
) -> None:
    rita = caller("rita")
    number = rita.send("orders/", body).json()["number"]
    money = {"amount": "1.00", "method": "cash"}
    first = rita.send(f"orders/{number}/payments/", money, key="one")
    again = rita.send(f"orders/{number.lower()}/payments/", money, key="one")
    assert first.json() == again.json()


def test_an_unknown_filter_is_refused(
    caller: Caller,
) -> None:
    answer = caller("rita").read("orders/", state="placed", stat="placed", page_size="5")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["stat"]


def test_an_unknown_field_is_refused_by_name(
    caller: Caller, body: dict[str, object], mug: Product
) -> None:
    line = {"sku": mug.sku, "quantity": 1, "discount_procent": "5", "colour": "red"}
    somebody = {"name": "Nora", "fone": "1"}
    answer = caller("rita").send(
        "orders/", body | {"nota": "x", "lines": [line], "customer": somebody}
    )
    assert answer.status_code == 400
    said = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert set(said) == {
        "nota",
        "lines.0.discount_procent",
        "lines.0.colour",
        "customer.fone",
    }
    assert "“discount_percent”" in said["lines.0.discount_procent"]
    assert "Did you mean" not in said["lines.0.colour"]


@pytest.mark.parametrize(
    ("path", "filters", "field"),
    [
        ("orders/", {"page_size": "abc"}, "page_size"),
        ("orders/", {"page_size": "0"}, "page_size"),
        ("orders/", {"page_size": "9" * 20}, "page_size"),
        ("products/", {"is_active": "garbage"}, "is_active"),
        ("tickets/", {"since": "zz"}, "since"),
        ("tickets/", {"until": ""}, "until"),
        ("tickets/", {"late": ""}, "late"),
        ("orders/", {"state": " "}, "state"),
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(caller, path, filters, field) -> None:
    answer = caller("maya").read(path, **filters)
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_a_null_body_is_refused_in_words(caller) -> None:
    answer = caller("rita").post("/api/v1/customers/", "null", content_type="application/json")
    assert answer.status_code == 400
    assert "JSON object" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path", ["invoices/INV-0/pdf/", "payments/PY-0/receipt/", "refunds/RF-0/receipt/"]
)
def test_a_pdf_has_no_metadata(caller: Caller, path: str) -> None:
    answer = caller("maya").options(f"/api/v1/{path}")
    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["attachments/of/order/%01/", "handoffs/%00/", "products/%7F/"])
def test_a_control_character_in_an_address_is_refused(caller: Caller, path: str) -> None:
    answer = caller("maya").get(f"/api/v1/{path}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "wrong",
    [
        {f"username{number}": 1 for number in range(101)},
        {"u" * 101: 1},
        {"username": [1] * 1001},
    ],
)
def test_a_body_with_many_names_or_values_is_refused_before_its_fields_are_looked_at(
    wrong: dict[str, object], db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("difflib.get_close_matches", None)
    answer = APIClient().post("/api/v1/auth/login/", wrong, format="json")
    assert (answer.status_code, answer.json()["errors"]) == (400, [])


def test_a_problem_names_a_few_unknown_fields_alone(db: None) -> None:
    wrong = {"username": "rita", "password": "x"} | {f"usernam{n}": n for n in range(90)}
    answer = APIClient().post("/api/v1/auth/login/", wrong, format="json").json()
    assert len(answer["errors"]) == 10
    assert "“username”" in answer["errors"][0]["message"]


def test_a_sign_in_is_small(db: None) -> None:
    wrong = {"username": "rita", "password": "x" * 70_000}
    assert APIClient().post("/api/v1/auth/login/", wrong, format="json").status_code == 413


@pytest.mark.parametrize("wrong", [{"note": 0}, {"note": 1.5}, {"lines": [{"sku": 7}]}])
def test_a_number_is_no_text(
    caller: Caller, body: dict[str, object], wrong: dict[str, object]
) -> None:
    answer = caller("rita").send("orders/", body | wrong)
    assert answer.status_code == 400
    said = {error["field"]: error["message"] for error in answer.json()["errors"]}
    assert said["lines.0.sku" if "lines" in wrong else "note"] == "Send a text."


def test_a_shared_serializer_answers_in_the_language_of_each_request() -> None:
    class Short(Body):
        code = serializers.CharField(
            max_length=2, error_messages={"max_length": gettext_lazy("Enter a valid value.")}
        )

    said = []
    for language in ("nb", "cs", "nb"):
        with translation.override(language), pytest.raises(ValidationError) as refused:
            shared_serializer(Short).run_validation({"code": "long"})
        said.append(str(refused.value.detail["code"][0]))
    assert said[0] == said[2] != said[1]
