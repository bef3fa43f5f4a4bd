"""The sign-in of Schemathesis' calls: the role's token, and for each sign-out one of its own.

`FUZZ_TOKEN` is the token that all other calls share; without it calls are not signed in.
`FUZZ_TOKENS_TO_END` are those that sign-outs end; when they are used up, sign-outs get 401.
"""

from __future__ import annotations

import os
from typing import Any

import schemathesis

from officeflow.text import CONTROL

TOKEN = os.environ.get("FUZZ_TOKEN", "")
TO_END = os.environ.get("FUZZ_TOKENS_TO_END", "").split()

if TOKEN:

    @schemathesis.auth(refresh_interval=None)
    class RoleToken:
        """Sets the header `Authorization`."""

        def get(self, case: Any, context: Any) -> str:
            """Returns the token of a call."""
            if context.operation.definition.raw.get("operationId") == "sign_out" and TO_END:
                return TO_END.pop()
            return TOKEN

        def set(self, case: Any, data: str, context: Any) -> None:
            """Sends it."""
            case.headers = case.headers or {}
            case.headers["Authorization"] = f"Token {data}"


@schemathesis.hook
def map_case(context: Any, case: Any) -> Any:
    """Drops control characters from requests that are to be accepted.

    Every text refuses them, which the description would have to say of each.
    """
    if case.meta is not None and case.meta.generation.mode.is_positive:
        cleaned = without_control_characters(case.body)
        # Schemathesis checks a body that is set again, and finds that none is invalid.
        if cleaned != case.body:
            case.body = cleaned
    return case


def without_control_characters(value: Any) -> Any:
    """Returns the value of a body with all its texts cleaned."""
    if isinstance(value, str):
        return CONTROL.sub("", value)
    if isinstance(value, list):
        return [without_control_characters(each) for each in value]
    if isinstance(value, dict):
        return {key: without_control_characters(each) for key, each in value.items()}
    return value
