"""Words that are written down, such as a ticket's title, are in the office's own language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from officeflow.company.queries import get_office


@contextmanager
def in_office_language() -> Iterator[None]:
    """Translates inside it into the office's language; a worker has no reader of its own."""
    with translation.override(get_office().language):
        yield
