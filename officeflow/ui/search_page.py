"""The search page and its live results."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from officeflow.ui import search


def search_response(request: HttpRequest) -> HttpResponse:
    """Returns the page with the results for `q`, or redirects to the record with that number.

    For htmx, while the person types, returns the results alone and never redirects.
    """
    found = search.find(request.user, request.GET.get("q", ""))
    text = found.query.text
    typing = request.headers.get("HX-Request") == "true"
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
    response = render(request, "search/results.html", context)
    query = f"?{urlencode({'q': text})}" if text else ""
    response["HX-Replace-Url"] = f"{reverse('search')}{query}"
    response["Cache-Control"] = "private, no-store"
    response["Vary"] = "HX-Request"
    return response
