"""Endpoints that create a record once for each idempotency key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from officeflow.api.problems import IDEMPOTENCY_HEADER
from officeflow.idempotency.actions import run_once
from officeflow.numbering import normalise

if TYPE_CHECKING:
    from officeflow.api.viewsets import OfficeViewSet

MAX_KEY_LENGTH = 200

IDEMPOTENCY_PARAMETER = OpenApiParameter(
    name=IDEMPOTENCY_HEADER,
    type={"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH},
    location=OpenApiParameter.HEADER,
    required=True,
    description="A value of your own, at most 200 characters. The same value with the same body "
    "returns the first response again. With a different body it returns 422.",
)


def _endpoint(request: Request) -> str:
    """Returns method, URL name and normalised reference numbers of the request."""
    match = request.resolver_match
    assert match is not None
    numbers = [normalise(str(value)) for value in match.kwargs.values()]
    return " ".join([str(request.method), match.view_name, *numbers])


def _key(request: Request) -> str:
    key = request.headers.get(IDEMPOTENCY_HEADER, "").strip()
    if not key or len(key) > MAX_KEY_LENGTH:
        raise exceptions.ValidationError(
            {
                IDEMPOTENCY_HEADER: _(
                    "Send this header with a value of your own of at most 200 characters, so "
                    "that a repeated request takes effect only once."
                )
            }
        )
    return key


def idempotent_create(
    *, free_text: Iterable[str] = (), is_whole: bool = False
) -> Callable[[Callable[..., Model]], Callable[..., Response]]:
    """Decorates a viewset's method that creates a record from the body's values.

    The view answers 201 with the record, and the same again for the same key and body. The
    response is stored without the fields in `free_text`, which are read again from the record.
    With `is_whole` the method's record has all that the serializer needs, so that it is not read
    again.
    Raises `ValidationError` without the header, and `KeyReused` for another body.
    """
    unstored = tuple(free_text)

    def decorate(create: Callable[..., Model]) -> Callable[..., Response]:
        @extend_schema(parameters=[IDEMPOTENCY_PARAMETER])
        @wraps(create)
        def create_once(view: OfficeViewSet[Any], request: Request, **kwargs: str) -> Response:
            values = view.body()
            data: dict[str, Any] = {}

            def effect() -> dict[str, Any]:
                record = create(view, values, **kwargs)
                data.update(view.serialized(record if is_whole else view.read_again(record.pk)))
                stored = {name: data[name] for name in data if name not in unstored}
                return {"pk": record.pk, "answer": stored}

            done = run_once(
                actor=view.user,
                endpoint=_endpoint(request),
                key=_key(request),
                body=request.data,
                effect=effect,
            )
            response = done.result["answer"]
            if unstored:
                # After a lost race `data` is from a transaction that was rolled back.
                full = data
                if done.replayed:
                    full = view.serialized(view.read_again(done.result["pk"]))
                response = {**response, **{name: full[name] for name in unstored}}
            headers = {"Idempotency-Replayed": "true"} if done.replayed else None
            return Response(response, status=201, headers=headers)

        return create_once

    return decorate
