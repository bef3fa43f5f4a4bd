"""The API endpoint of the search."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from officeflow.ui import search

MAX_LIMIT = 50


class MaySearch(BasePermission):
    """Allows people who may see at least one kind of record that the search covers."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Returns whether the caller may search."""
        return bool(search.providers(request.user))


class SearchResultSerializer(serializers.Serializer[Any]):
    """One record that was found."""

    kind = serializers.CharField()
    number = serializers.CharField(help_text="Its reference number, or the code of a product.")
    title = serializers.CharField()
    details = serializers.ListField(child=serializers.CharField())
    at = serializers.DateTimeField(allow_null=True)
    is_exact = serializers.BooleanField(help_text="The text is its exact number.")
    is_fuzzy = serializers.BooleanField(help_text="It does not match exactly what was typed.")
    page = serializers.CharField(help_text="The path of its page.")


class SearchResultsSerializer(serializers.Serializer[Any]):
    """The results of one search, kinds with the closest matches first."""

    query = serializers.CharField(help_text="The text without surplus spaces.")
    results = SearchResultSerializer(many=True)


class SearchQuerySerializer(serializers.Serializer[Any]):
    """The parameters of a search."""

    q = serializers.CharField(
        max_length=search.LONGEST, trim_whitespace=True, help_text="The text to look for."
    )
    kind = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        default=list,
        help_text="Only these kinds of record.",
    )
    limit = serializers.IntegerField(
        min_value=1,
        max_value=MAX_LIMIT,
        required=False,
        default=search.LIMIT,
        help_text="At most this many of each kind.",
    )


class Search(APIView):
    """The search over all records that the caller may see."""

    permission_classes = [IsAuthenticated, MaySearch]

    @extend_schema(
        operation_id="search",
        parameters=[SearchQuerySerializer],
        responses=SearchResultsSerializer,
    )
    def get(self, request: Request) -> Response:
        """Finds customers, orders, complaints, tickets, invoices and products by `q`.

        Tolerates typing errors, missing accents, another order of words, and any way of writing
        phone and reference numbers.
        """
        wanted = SearchQuerySerializer(
            data={
                "q": request.query_params.get("q", ""),
                "kind": request.query_params.getlist("kind"),
                **(
                    {"limit": request.query_params["limit"]}
                    if "limit" in request.query_params
                    else {}
                ),
            }
        )
        wanted.is_valid(raise_exception=True)
        query = wanted.validated_data
        found = search.find(request.user, query["q"], limit=query["limit"], kinds=query["kind"])
        results = [
            {
                "kind": group.kind,
                "number": hit.number,
                "title": str(hit.title),
                "details": [str(detail) for detail in hit.details],
                "at": hit.at,
                "is_exact": hit.is_exact,
                "is_fuzzy": bool(hit.distance),
                "page": hit.url,
            }
            for group in found.groups
            for hit in group.hits
        ]
        serializer = SearchResultsSerializer({"query": found.query.text, "results": results})
        return Response(serializer.data)
