"""Customers over HTTP: a repeated request adds one record."""

from __future__ import annotations

from frontdesk.customers.models import Customer
from officeflow.company.models import Office
from officeflow.idempotency.models import Submission
from tests.api.conftest import Caller

NEW = {"name": "Ida Ingram", "phone": "07700 900321", "address": "2 Mill Lane"}


def test_a_repeated_request_adds_one_customer(caller: Caller, office: Office) -> None:
    rita = caller("rita")
    first, again = (rita.send("customers/", NEW, key="ida") for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    assert again["Idempotency-Replayed"] == "true"
    assert Customer.objects.count() == 1
    # What the key keeps says nothing about a person.
    kept = str(Submission.objects.get().result)
    assert not any(word in kept for word in ("Ida", "Mill", "900321"))


def test_a_customer_without_a_key_or_with_a_used_one_is_refused(
    caller: Caller, office: Office
) -> None:
    rita = caller("rita")
    assert rita.send("customers/", NEW, key=None).status_code == 400
    rita.send("customers/", NEW, key="ida")
    assert rita.send("customers/", {**NEW, "name": "Ada"}, key="ida").status_code == 422
    assert Customer.objects.count() == 1


def test_a_likely_duplicate_is_confirmed_with_the_same_key(caller: Caller, office: Office) -> None:
    rita = caller("rita")
    rita.send("customers/", NEW)
    assert rita.send("customers/", NEW, key="twin").status_code == 409
    sure = {**NEW, "confirm_duplicate": True}
    assert rita.send("customers/", sure, key="twin").status_code == 201
