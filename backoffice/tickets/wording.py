"""The language of stored texts, such as a ticket's title."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from officeflow.company.queries import get_office


@contextmanager
def in_office_language() -> Iterator[None]:
    """Translates texts into the office's language inside the block."""
    with translation.override(get_office().language):
        yield
