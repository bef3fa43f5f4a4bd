"""Requests that are sent twice and take effect once."""

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
from officeflow.idempotency.actions import once
from officeflow.numbering import normalise

if TYPE_CHECKING:
    from officeflow.api.viewsets import OfficeViewSet

MAX_KEY_LENGTH = 200

IDEMPOTENCY_PARAMETER = OpenApiParameter(
    name=IDEMPOTENCY_HEADER,
    location=OpenApiParameter.HEADER,
    required=True,
    description="A value of your own, at most 200 characters. The same value with the same body "
    "returns the first response again. With a different body it returns 422.",
)


def _endpoint(request: Request) -> str:
    """The endpoint and the record it is about, however the address spells its number."""
    match = request.resolver_match
    assert match is not None  # an endpoint runs, so its address was found
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


def submitted_once(
    *, free_text: Iterable[str] = ()
) -> Callable[[Callable[..., Model]], Callable[..., Response]]:
    """Makes a viewset's `create` of a method that takes the body's values and makes a record.

    It answers 201 with the record, and the same again for the same key and body. What the first
    call answered is stored, without the fields in `free_text`, which are read from the record
    again. Raises `ValidationError` without the header, `KeyReused` for another body.
    """
    hidden = tuple(free_text)

    def decorate(make: Callable[..., Model]) -> Callable[..., Response]:
        @extend_schema(parameters=[IDEMPOTENCY_PARAMETER])
        @wraps(make)
        def create(view: OfficeViewSet[Any], request: Request, **address: str) -> Response:
            values = view.body()
            shown: dict[str, Any] = {}

            def effect() -> dict[str, Any]:
                made = make(view, values, **address)
                shown.update(view.shown(made.pk))
                return {
                    "pk": made.pk,
                    "answer": {name: shown[name] for name in shown if name not in hidden},
                }

            outcome = once(
                actor=view.user,
                endpoint=_endpoint(request),
                key=_key(request),
                body=request.data,
                effect=effect,
            )
            answer = outcome.result["answer"]
            if hidden:
                # What was shown in a transaction that lost to another with the same key is void.
                full = view.shown(outcome.result["pk"]) if outcome.replayed else shown
                answer = {**answer, **{name: full[name] for name in hidden}}
            headers = {"Idempotency-Replayed": "true"} if outcome.replayed else None
            return Response(answer, status=201, headers=headers)

        return create

    return decorate
