"""Requests that are sent twice and have their effect once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from officeflow.api.problems import IDEMPOTENCY_HEADER
from officeflow.idempotency.actions import once
from officeflow.numbering import normalise

MAX_KEY_LENGTH = 200


def _endpoint(request: Request) -> str:
    """The endpoint and the record it is about, however the address spells its number."""
    match = request.resolver_match
    assert match is not None  # an endpoint runs, so its address was found
    numbers = [normalise(str(value)) for value in match.kwargs.values()]
    return " ".join([str(request.method), match.view_name, *numbers])


IDEMPOTENCY_PARAMETER = OpenApiParameter(
    name=IDEMPOTENCY_HEADER,
    location=OpenApiParameter.HEADER,
    required=True,
    description="A word of your own, at most 200 characters. The same word with the same body "
    "gives the same answer again; with another body it gives 422.",
)


def answer_once(
    request: Request,
    *,
    effect: Callable[[], Any],
    show: Callable[[Any], dict[str, Any]],
    find: Callable[[str], Any],
    free_text: Iterable[str] = (),
) -> Response:
    """Answers 201 for what `effect` made, and the same again for the same key and body.

    `show` gives the answer for the thing made, which has a `number`. What the first call answered
    is kept, without the fields in `free_text`, which `find` (by number) brings back. Raises
    `ValidationError` without the header, `KeyReused` for another body.
    """
    key = request.headers.get(IDEMPOTENCY_HEADER, "").strip()
    if not key or len(key) > MAX_KEY_LENGTH:
        raise exceptions.ValidationError(
            {
                IDEMPOTENCY_HEADER: _(
                    "Send this header with a word of your own of at most 200 characters, so that "
                    "a repeated request has its effect once."
                )
            }
        )
    actor = request.user
    assert isinstance(actor, AbstractBaseUser)  # a permission class asked for somebody
    hidden = tuple(free_text)
    shown: dict[str, Any] = {}

    def run() -> dict[str, Any]:
        made = effect()
        answer = show(made)
        shown.update(answer)
        return {
            "number": made.number,
            "answer": {name: value for name, value in answer.items() if name not in hidden},
        }

    outcome = once(
        actor=actor,
        endpoint=_endpoint(request),
        key=key,
        body=request.data,
        effect=run,
    )
    answer = outcome.result["answer"]
    if hidden:
        # What was shown in a transaction that lost to another with the same key is void.
        full = show(find(outcome.result["number"])) if outcome.replayed else shown
        answer = {**answer, **{name: full[name] for name in hidden}}
    headers = {"Idempotency-Replayed": "true"} if outcome.replayed else None
    return Response(answer, status=201, headers=headers)
