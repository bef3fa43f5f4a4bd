"""The search page and its live results."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from officeflow.ui import search

QUICK_LIMIT = 4  # of each kind


def search_response(request: HttpRequest) -> HttpResponse:
    """Returns the page with the results for `q`, or redirects to the record with that number.

    For htmx, while the person types, returns the results alone and never redirects; with `quick`
    the few that are shown beneath a search box.
    """
    typing = request.headers.get("HX-Request") == "true"
    quick = typing and "quick" in request.GET
    limit = QUICK_LIMIT if quick else search.LIMIT
    found = search.find(request.user, request.GET.get("q", ""), limit=limit)
    text = found.query.text
    context = {
        "found": found,
        "query": found.query,
        "text": text,
        "search_text": text,
        "kinds": search.providers(request.user),
        "create_links": search.create_links(request.user, text) if not found.total else [],
        "typing": typing,
    }
    if not typing:
        if found.exact_url:
            return redirect(found.exact_url)
        return render(request, "search/page.html", context)
    response = render(request, "search/quick.html" if quick else "search/results.html", context)
    if not quick:
        query = f"?{urlencode({'q': text})}" if text else ""
        response["HX-Replace-Url"] = f"{reverse('search')}{query}"
    response["Cache-Control"] = "private, no-store"
    response["Vary"] = "HX-Request"
    return response
