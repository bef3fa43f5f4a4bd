"""The filter backend of lists, which refuses unknown query parameters."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters import BooleanFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.request import Request

from officeflow.api.pagination import KeysetPagination

PAGINATION_PARAMETERS = (
    KeysetPagination.cursor_query_param,
    KeysetPagination.page_size_query_param,
)


# What the widget of boolean filters reads; it ignores anything else.
BOOLEANS = ("true", "false", "1", "0")


class KnownFilters(DjangoFilterBackend):
    """Refuses unknown and empty parameters. Ignoring them would list rows nobody asked for."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        """Returns the filtered rows. Raises `ValidationError`."""
        filterset = self.get_filterset_class(view, queryset)
        known = {*(filterset.base_filters if filterset else ()), *PAGINATION_PARAMETERS}
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            raise exceptions.ValidationError(
                {name: _("This list has no such filter.") for name in unknown}
            )
        for name, filtered in (filterset.base_filters if filterset else {}).items():
            value = request.query_params.get(name)
            if value is None:
                continue
            if not value.strip():
                raise exceptions.ValidationError(
                    {name: _("Send a value, or leave the filter out.")}
                )
            if isinstance(filtered, BooleanFilter) and value.lower() not in BOOLEANS:
                raise exceptions.ValidationError({name: _("Use true or false.")})
        return super().filter_queryset(request, queryset, view)
