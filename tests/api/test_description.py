"""The description is enough to write a client from, and a client's token opens it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError

from officeflow.api.fields import NumberField
from officeflow.api.viewsets import OfficeViewSet
from officeflow.api_urls import router
from officeflow.attachments.models import FileKind
from tests.api.conftest import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]


@pytest.fixture
def described(caller: Caller, office: object) -> dict[str, Any]:
    return caller("rita").get("/api/schema/", {"format": "json"}).json()


def test_every_endpoint_names_its_problems(described: dict[str, Any]) -> None:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            problem = operation["responses"]["401"]["content"]["application/problem+json"]
            assert problem["schema"]["$ref"] == "#/components/schemas/Problem", (path, method)
    paying = described["paths"]["/api/v1/orders/{number}/payments/"]["post"]
    assert set(paying["responses"]) == {
        *("201", "400", "401", "403", "404", "406", "409"),
        *("413", "415", "422", "429", "503"),
    }


def test_the_customer_of_an_order_is_described(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    customer = schemas["Order"]["properties"]["customer"]
    assert customer["nullable"] is True
    assert customer["allOf"] == [{"$ref": "#/components/schemas/NamedCustomer"}]
    assert set(schemas["NamedCustomer"]["properties"]) == {"number", "name"}


def test_bodies_take_no_other_fields(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    assert schemas["NewOrder"]["additionalProperties"] is False
    assert schemas["NewLine"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["Order"]


def test_operations_are_named_by_noun_and_action(described: dict[str, Any]) -> None:
    paths = described["paths"]
    assert paths["/api/v1/orders/{number}/hand-over/"]["post"]["operationId"] == "order_hand_over"
    assert paths["/api/v1/auth/login/"]["post"]["operationId"] == "sign_in"


@pytest.mark.parametrize(("_prefix", "viewset", "_name"), router.registry)
def test_every_action_has_permissions(
    _prefix: str, viewset: type[OfficeViewSet[Any]], _name: str
) -> None:
    named = {action.__name__ for action in viewset.get_extra_actions()}
    named |= {name for name in ("list", "retrieve", "create") if hasattr(viewset, name)}
    assert set(viewset.permissions) == named
    assert set(viewset.bodies) <= named


def test_the_description_needs_a_sign_in(client: Any) -> None:
    assert client.get("/api/schema/").status_code == 401
    assert client.get("/api/docs/").url == "/sign-in/?next=/api/docs/"


def test_parameters_are_described_with_their_limits(described: dict[str, Any]) -> None:
    operations = described["paths"]
    sizes = {
        (each["schema"]["minimum"], each["schema"]["maximum"])
        for methods in operations.values()
        for operation in methods.values()
        for each in operation.get("parameters", ())
        if each["name"] == "page_size"
    }
    assert sizes == {(1, 200)}
    search = operations["/api/v1/search/"]["get"]
    parameters = {each["name"]: each for each in search["parameters"]}
    assert parameters["q"]["required"]
    assert parameters["q"]["schema"]["maxLength"] == 200
    assert parameters["limit"]["schema"]["maximum"] == 50
    assert "400" in search["responses"]


def test_every_body_has_its_refusals(described: dict[str, Any]) -> None:
    for path, methods in described["paths"].items():
        for operation in methods.values():
            if "requestBody" in operation:
                assert {"400", "413", "415"} <= set(operation["responses"]), path


def test_a_file_is_sent_as_binary(described: dict[str, Any]) -> None:
    file = described["components"]["schemas"]["NewAttachment"]["properties"]["files"]
    assert file == {"type": "string", "format": "binary"}


def test_a_file_is_answered_as_its_kind(described: dict[str, Any]) -> None:
    file = described["paths"]["/api/v1/attachments/{number}/file/"]["get"]
    assert set(file["responses"]["200"]["content"]) == set(FileKind.values)


def test_a_file_that_the_caller_has_is_not_sent_again(described: dict[str, Any]) -> None:
    file = described["paths"]["/api/v1/attachments/{number}/file/"]["get"]
    assert {"304", "412"} <= set(file["responses"])
    assert "If-None-Match" in {each["name"] for each in file["parameters"]}


NUMBERS = ["1", "12.5", "5.", ".5", "-1", "12345678901.123", 1, 1.5, -3]
NOT_NUMBERS = [
    "",
    "-",
    ".",
    "-.",
    " 1",
    "1 ",
    "1e3",
    "1_0",
    "\u0663",
    "0" * 12,
    "1.2345",
    True,
    None,
]


@pytest.mark.parametrize("sent", [*NUMBERS, *NOT_NUMBERS])
def test_a_number_is_read_as_it_is_described(described: dict[str, Any], sent: Any) -> None:
    text, number = described["components"]["schemas"]["NewLine"]["properties"]["quantity"]["oneOf"]
    if isinstance(sent, str):
        fits = re.search(text["pattern"], sent, re.ASCII) is not None
    else:
        fits = number["type"] == "number" and isinstance(sent, int | float) and sent is not True
    field = NumberField(max_digits=14, decimal_places=3)
    try:
        field.run_validation(sent)
    except ValidationError:
        assert not fits
    else:
        assert fits
    assert fits == (sent in NUMBERS and sent is not True)


def test_texts_of_bodies_that_must_not_be_empty_say_so(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    assert schemas["CancelOrder"]["properties"]["reason"]["minLength"] == 1
    assert "minLength" not in schemas["NewOrder"]["properties"]["note"]
    key = described["paths"]["/api/v1/orders/"]["post"]["parameters"][0]
    assert key["schema"] == {"type": "string", "minLength": 1, "maxLength": 200}
