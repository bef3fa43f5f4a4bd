"""The error messages of the catalogue's unique keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils.translation import gettext, gettext_noop

from officeflow.errors import Refused

# The field and the message of each unique constraint.
DUPLICATE_ERRORS = {
    "catalogue_product_sku_key": (
        "sku",
        gettext_noop("Another product has this code. Choose another code."),
    ),
    "catalogue_product_barcode_key": (
        "barcode",
        gettext_noop("Another product has this barcode. Check the barcode."),
    ),
    "catalogue_category_name_key": (
        "name",
        gettext_noop("Another category has this name. Choose another name."),
    ),
    "catalogue_taxrate_code_key": (
        "code",
        gettext_noop("Another rate has this code. Choose another code."),
    ),
}


@contextmanager
def refuse_duplicates() -> Iterator[None]:
    """Raises `Refused` with a field when the block violates a unique constraint."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if constraint not in DUPLICATE_ERRORS:
            raise
        field, message = DUPLICATE_ERRORS[constraint]
        raise Refused(gettext(message), field) from error
