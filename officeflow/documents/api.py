"""A PDF as the answer of an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
