"""The renderer of endpoints that answer with a PDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.renderers import BaseRenderer


class PdfRenderer(BaseRenderer):
    """Allows the media type of PDFs in content negotiation; it renders nothing itself."""

    media_type = "application/pdf"
    format = "pdf"


def pdf_action(method: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a viewset's method that returns the PDF of a record.

    OPTIONS is answered 405, because metadata cannot be rendered as a PDF.
    """
    described = extend_schema(responses={(200, PdfRenderer.media_type): OpenApiTypes.BINARY})
    pdf = action(detail=True, renderer_classes=[PdfRenderer], metadata_class=None)
    return described(pdf(method))
