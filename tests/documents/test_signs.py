"""Every currency sign can be printed in every language."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import translation

from officeflow.documents.fonts import UNKNOWN, encodable, typeface_for
from officeflow.money import CURRENCIES, format_money


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_document_can_print_every_amount(language: str) -> None:
    with translation.override(language):
        amounts = [format_money(Decimal("-1234567.891"), code) for code in sorted(CURRENCIES)]
    assert not [each for each in amounts if UNKNOWN in encodable(each, typeface_for([each]))]
