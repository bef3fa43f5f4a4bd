"""The renderer of endpoints that answer with a PDF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer


class PdfRenderer(JSONRenderer):
    """Negotiates the media type of a PDF; errors are rendered as JSON.

    The PDF itself is a plain response, which no renderer touches.
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
        """Renders an error as JSON, with JSON's media type."""
        response = (renderer_context or {}).get("response")
        if response is not None:
            response["Content-Type"] = "application/json"
        return super().render(data, JSONRenderer.media_type, dict(renderer_context or {}))


def pdf_action(method: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a viewset's method answer the PDF of a record, at the method's name."""
    described = extend_schema(responses={(200, PdfRenderer.media_type): OpenApiTypes.BINARY})
    return described(action(detail=True, renderer_classes=[PdfRenderer])(method))
