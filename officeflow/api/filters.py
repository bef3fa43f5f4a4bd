"""How lists are narrowed down: by the parameters that an endpoint describes, and by no others."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions
from rest_framework.request import Request

from officeflow.api.pages import KeysetPagination

PAGES = (KeysetPagination.cursor_query_param, KeysetPagination.page_size_query_param)


class KnownFilters(DjangoFilterBackend):
    """Refuses a parameter that it does not know, which would otherwise list everything."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> Any:
        """The rows asked for. Raises `ValidationError`."""
        kind = self.get_filterset_class(view, queryset)
        known = {*(kind.base_filters if kind else ()), *PAGES}
        wrong = [name for name in request.query_params if name not in known]
        if wrong:
            raise exceptions.ValidationError(
                {name: _("This list has no such filter.") for name in wrong}
            )
        return super().filter_queryset(request, queryset, view)
