"""Issued documents, stored byte for byte."""

from __future__ import annotations

import hashlib
from typing import Any, Self

from django.db import models
from django.db.models import F, Func, Q, Value
from django.http import HttpResponse

from officeflow.append_only import NO_TRUNCATE, UNCHANGEABLE


class StoredDocument(models.Model):
    """A PDF as it was issued. Never changed; the database checks its digest."""

    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    drawn_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    sha256=Func(
                        Func(F("content"), function="sha256"), Value("hex"), function="encode"
                    )
                ),
                name="%(app_label)s_%(class)s_as_drawn",
            )
        ]
        triggers = [UNCHANGEABLE, NO_TRUNCATE]

    @classmethod
    def store(cls, content: bytes, **values: Any) -> Self:
        """Stores and returns a document. Called by actions."""
        digest = hashlib.sha256(content).hexdigest()
        return cls._default_manager.create(content=content, sha256=digest, **values)


def pdf_response(content: bytes | memoryview, name: str) -> HttpResponse:
    """Returns a response with a PDF that the browser shows; `name` is its file name."""
    response = HttpResponse(bytes(content), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
