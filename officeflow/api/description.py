"""The API's description (OpenAPI): its introduction, operation ids and problem responses."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from officeflow.api.fields import number_pattern
from officeflow.api.problems import IDEMPOTENCY_HEADER, MEDIA_TYPE
from officeflow.api.viewsets import OfficeViewSet

ABOUT = """The front desk, the back office and the hand-offs between them.

`POST /api/v1/auth/login/` with `username` and `password` gives a token; send it as
`Authorization: Token …`. A request that creates a record needs an `Idempotency-Key` header.
Unknown fields, also in nested objects, and unknown filters of a list are refused with 400, and so
is a control character in a text or an address."""

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "An error as problem details, RFC 9457.",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, in words."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {
                        "type": "string",
                        "description": "Such as `lines.0.quantity`; empty for the whole body.",
                    },
                    "message": {"type": "string"},
                },
            },
        },
    },
}


class OfficeSchema(AutoSchema):
    """Names operations by noun and action, and describes the `bodies` of a viewset."""

    def get_operation_id(self) -> str:
        """Returns the operation's id, such as `order_cancel`."""
        if isinstance(self.view, OfficeViewSet):
            return f"{self.view.basename}_{self.view.action}".replace("-", "_")
        return super().get_operation_id()

    def _map_serializer_field(
        self, field: Any, direction: Any, bypass_extensions: bool = False
    ) -> Any:
        """Returns the schema of a field, which says what texts and numbers a body may have."""
        schema = super()._map_serializer_field(field, direction, bypass_extensions)
        if isinstance(field, serializers.DecimalField):
            return _number(schema, field, as_sent=direction == "request")
        needs_text = isinstance(field, serializers.CharField) and not field.allow_blank
        if direction == "request" and needs_text and schema.get("type") == "string":
            return {"minLength": 1, **schema}
        return schema

    def get_request_serializer(self) -> Any:
        """Returns the serializer of the action's body; None for no body."""
        if isinstance(self.view, OfficeViewSet):
            return self.view.bodies.get(self.view.action)
        return super().get_request_serializer()


def _number(
    schema: dict[str, Any], field: serializers.DecimalField, *, as_sent: bool
) -> dict[str, Any]:
    """Returns the schema of a decimal number: text, or in a body also a number of JSON."""
    text = {
        "type": schema["type"],
        "format": schema["format"],
        "pattern": number_pattern(field),
    }
    if not as_sent:
        return schema | text
    most = 10 ** (field.max_whole_digits or 0)
    number = {"type": "number", "minimum": -most, "maximum": most}
    number |= {"exclusiveMinimum": True, "exclusiveMaximum": True}
    return {"oneOf": [text, number]} | {
        key: value for key, value in schema.items() if key not in text
    }


def add_problems(
    result: dict[str, Any], generator: object, request: object, public: bool
) -> dict[str, Any]:
    """Adds the introduction and the problem responses of each operation.

    A post-processing hook of drf-spectacular.
    """
    result["info"]["description"] = ABOUT
    result["components"]["schemas"]["Problem"] = PROBLEM
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            _forbid_other_fields(result["components"]["schemas"], operation.get("requestBody", {}))
            for status in _statuses(path, method, operation):
                operation["responses"].setdefault(
                    str(status),
                    {"description": HTTPStatus(status).phrase, "content": content},
                )
    return result


def _forbid_other_fields(schemas: dict[str, Any], body: Any) -> None:
    """Sets `additionalProperties: false` in the schemas of a request body."""
    if isinstance(body, list):
        for inner in body:
            _forbid_other_fields(schemas, inner)
    elif isinstance(body, dict):
        if "$ref" in body:
            named = schemas[body["$ref"].rsplit("/", 1)[1]]
            if "properties" in named and "additionalProperties" not in named:
                named["additionalProperties"] = False
                _forbid_other_fields(schemas, named)
        for inner in body.values():
            _forbid_other_fields(schemas, inner)


def _statuses(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    # 400 also for a control character anywhere in the address, 406 when there is not the wanted
    # media type, 503 while the database cannot be reached.
    statuses = [400, 401, 403, 406, 429, 503]
    if "requestBody" in operation:
        statuses += [413, 415]
    if "{" in path:
        statuses.append(404)
    # What is created may be a likely duplicate, or cost another amount than expected.
    if method == "post" and ("{" in path or IDEMPOTENCY_HEADER in names):
        statuses.append(409)
    if IDEMPOTENCY_HEADER in names:
        statuses.append(422)
    return sorted(statuses)
