"""People in the results of the search box."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from officeflow.staff.models import User
from officeflow.text import name_key
from officeflow.ui.search import SearchHit, SearchQuery


def find_person_hits(user: Any, query: SearchQuery, limit: int) -> list[SearchHit]:
    """Finds people by parts of their name, user name or e-mail address, in the order of names."""
    found = [
        person
        for person in User.objects.order_by("full_name", "pk")
        if _has_all(_key(person), query.words)
    ]
    return [
        SearchHit(
            title=person.full_name or person.username,
            url=reverse("staff:person", args=[person.username]),
            number=person.username,
            details=[person.email] if person.email else [],
        )
        for person in found[:limit]
    ]


def _has_all(key: str, words: Iterable[str]) -> bool:
    return all(word in key for word in words)


def _key(person: User) -> str:
    return name_key(f"{person.full_name} {person.username} {person.email}")
