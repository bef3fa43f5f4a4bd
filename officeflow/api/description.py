"""What the API's description says beyond the endpoints' own: the problems they answer with."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from drf_spectacular.openapi import AutoSchema

from officeflow.api.problems import IDEMPOTENCY_HEADER, MEDIA_TYPE
from officeflow.api.viewsets import OfficeViewSet

ABOUT = """The front desk, the back office and the hand-offs between them.

`POST /api/v1/auth/login/` with `username` and `password` gives a token; send it as
`Authorization: Token …`. A request that makes something carries an `Idempotency-Key`.
A field, or a filter of a list, that an endpoint does not know is refused by name with 400, in
lines too; none is passed over."""

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
                        "description": "Such as `lines.0.quantity`; empty for the whole.",
                    },
                    "message": {"type": "string"},
                },
            },
        },
    },
}


class OfficeSchema(AutoSchema):
    """Names operations by noun and action, and reads the bodies that a viewset names."""

    def get_operation_id(self) -> str:
        """Such as `order_cancel`."""
        if isinstance(self.view, OfficeViewSet):
            return f"{self.view.basename}_{self.view.action}".replace("-", "_")
        return super().get_operation_id()

    def get_request_serializer(self) -> Any:
        """What the action takes; None for no body."""
        if isinstance(self.view, OfficeViewSet):
            return self.view.bodies.get(self.view.action)
        return super().get_request_serializer()


def add_problems(
    result: dict[str, Any], generator: object, request: object, public: bool
) -> dict[str, Any]:
    """Says how to begin, and names the problems that each endpoint can answer with (a hook of
    drf-spectacular).
    """
    result["info"]["description"] = ABOUT
    result["components"]["schemas"]["Problem"] = PROBLEM
    answer = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            _close(result["components"]["schemas"], operation.get("requestBody", {}))
            for status in _statuses(path, method, operation):
                operation["responses"].setdefault(
                    str(status),
                    {"description": HTTPStatus(status).phrase, "content": answer},
                )
    return result


def _close(schemas: dict[str, Any], body: Any) -> None:
    """Says of a request's body, and of what is in it, that it takes no further fields."""
    if isinstance(body, list):
        for inner in body:
            _close(schemas, inner)
    elif isinstance(body, dict):
        if "$ref" in body:
            named = schemas[body["$ref"].rsplit("/", 1)[1]]
            if "properties" in named and "additionalProperties" not in named:
                named["additionalProperties"] = False
                _close(schemas, named)
        for inner in body.values():
            _close(schemas, inner)


def _statuses(path: str, method: str, operation: dict[str, Any]) -> list[int]:
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    statuses = [401, 429]
    if method == "post" or "cursor" in names:
        statuses.append(400)
    if "/auth/" not in path:
        statuses.append(403)
    if "{" in path:
        statuses.append(404)
        if method == "post":
            statuses.append(409)
    if IDEMPOTENCY_HEADER in names:
        statuses.append(422)
    return sorted(statuses)
