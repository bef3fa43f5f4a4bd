"""Clients of the API that are signed in with a token."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from rest_framework.response import Response
from rest_framework.test import APIClient

from officeflow.staff.models import User
from tests.people import PASSWORD, employ

_keys = count(1)


class Client(APIClient):
    """An API client with short paths; every post carries a fresh idempotency key."""

    def read(self, path: str, **params: Any) -> Response:
        return self.get(f"/api/v1/{path}", params)

    def send(self, path: str, body: Any = None, key: str | None = "") -> Response:
        headers = {} if key is None else {"Idempotency-Key": key or f"test-{next(_keys)}"}
        return self.post(f"/api/v1/{path}", body or {}, format="json", headers=headers)


Caller = Callable[[str | User], Client]


@pytest.fixture
def caller(db: None) -> Caller:
    """Returns a function that signs a person in: `caller("rita")` is her client."""

    def sign_in(person: str | User) -> Client:
        username = person if isinstance(person, str) else person.username
        employ(username)
        client = Client()
        answer = client.post(
            "/api/v1/auth/login/", {"username": username, "password": PASSWORD}, format="json"
        )
        assert answer.status_code == 200, answer.data
        client.credentials(HTTP_AUTHORIZATION=f"Token {answer.data['token']}")
        return client

    return sign_in
