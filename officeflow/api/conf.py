"""The settings of REST framework, its tokens (knox) and its description (drf-spectacular)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import environ


def rest_framework(env: environ.Env, *, proxies: int) -> dict[str, Any]:
    """Returns `REST_FRAMEWORK`; `proxies` is the number of proxies before the office."""
    return {
        "DEFAULT_AUTHENTICATION_CLASSES": [
            "officeflow.staff.api_tokens.OfficeToken",
            "rest_framework.authentication.SessionAuthentication",
        ],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_PARSER_CLASSES": ["officeflow.api.bodies.BodyParser"],
        "DEFAULT_FILTER_BACKENDS": ["officeflow.api.filters.KnownFilters"],
        "DEFAULT_PAGINATION_CLASS": "officeflow.api.pagination.KeysetPagination",
        "DEFAULT_SCHEMA_CLASS": "officeflow.api.description.OfficeSchema",
        "EXCEPTION_HANDLER": "officeflow.api.problems.problem_response",
        "DEFAULT_THROTTLE_CLASSES": [
            "officeflow.api.throttles.PersonThrottle",
            "officeflow.api.throttles.AddressThrottle",
        ],
        "DEFAULT_THROTTLE_RATES": {
            "person": env.str("API_RATE_PERSON", default="6000/min"),
            "address": env.str("API_RATE_ADDRESS", default="600/min"),
            "sign-in": env.str("API_RATE_SIGN_IN", default="60/min"),
        },
        # Without it the throttles would trust any address in a X-Forwarded-For header.
        "NUM_PROXIES": proxies,
        "PAGE_SIZE": 50,
        "COERCE_DECIMAL_TO_STRING": True,
    }


REST_KNOX = {
    "TOKEN_TTL": timedelta(hours=12),
    "AUTO_REFRESH": False,
    "TOKEN_LIMIT_PER_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "OfficeFlow",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": {"PriorityEnum": "backoffice.tickets.states.Priority"},
    "SERVE_AUTHENTICATION": [
        "officeflow.staff.api_tokens.OfficeToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "officeflow.api.description.add_problems",
    ],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
}
