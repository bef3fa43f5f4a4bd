"""Stored texts, such as a ticket's title, are in the office's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from officeflow.company.queries import get_office


@contextmanager
def in_office_language() -> Iterator[None]:
    """Translates into the office's language inside the block, such as in a worker."""
    with translation.override(get_office().language):
        yield
