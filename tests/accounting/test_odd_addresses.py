"""A null character in a page's address finds nothing, and breaks nothing."""

from __future__ import annotations

import pytest
from django.test import Client

from officeflow.staff.models import User

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["invoices/?q=%00", "journal/?document=%00"])
def test_a_null_character_is_passed_over(
    client: Client, office: object, amir: User, address: str
) -> None:
    client.force_login(amir, backend=BACKEND)
    assert client.get(f"/office/accounting/{address}").status_code == 200
