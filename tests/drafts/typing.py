"""Forms as a browser sends them: typed into, kept as drafts, sent."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.test import Client

from officeflow.drafts.models import Draft
from officeflow.staff.form_author import signed_author
from officeflow.staff.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"
SAVE = "/drafts/save/"
NEW_ORDER = "/desk/orders/new/"
NEW_COMPLAINT = "/desk/complaints/new/"


def browser(user: User) -> Client:
    """Returns a person's browser."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def typed_by(
    author: User, form: str, context: str = "", *, version: int = 0, key: Any = None, **fields: str
) -> dict[str, str]:
    """Returns the fields of a form that `author` has opened and typed into."""
    return {
        "form_author": signed_author(author),
        "draft": f"{form}:{context}:{key or uuid4()}",
        "draft_version": str(version),
        **fields,
    }


def kept(client: Client, sent: dict[str, str]) -> Draft:
    """Saves typed fields as the page does, and returns the draft."""
    answer = client.post(SAVE, sent, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.content
    return Draft.objects.get(key=answer.json()["key"])


def order_fields(**fields: str) -> dict[str, str]:
    """Returns the fields of a new order with one line."""
    return {
        "customer": "",
        "customer_name": "",
        "delivery": "pick_up",
        "note": "",
        "idempotency_key": "key-1",
        "line-TOTAL_FORMS": "1",
        "line-INITIAL_FORMS": "0",
        "line-0-sku": "MUG",
        "line-0-product": "MUG Blue mug",
        "line-0-quantity": "3",
        "line-0-discount": "",
        **fields,
    }
