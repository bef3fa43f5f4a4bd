"""A PDF as the answer of an endpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer


class PdfRenderer(JSONRenderer):
    """Names the media type to those who ask for it; what went wrong is told as JSON.

    The PDF itself is answered as it is, past every renderer.
    """

    media_type = "application/pdf"
    format = "pdf"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The problem as JSON, with its own media type."""
        response = (renderer_context or {}).get("response")
        if response is not None:
            response["Content-Type"] = "application/json"
        return super().render(data, JSONRenderer.media_type, dict(renderer_context or {}))


def pdf_action(method: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a viewset's method answer the PDF of a record, at the method's name."""
    described = extend_schema(responses={(200, PdfRenderer.media_type): OpenApiTypes.BINARY})
    return described(action(detail=True, renderer_classes=[PdfRenderer])(method))
