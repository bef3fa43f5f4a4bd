"""Rows whose name is nearly what somebody typed, by PostgreSQL's trigrams (pg_trgm)."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet

from officeflow.text import near, swapped

M = TypeVar("M", bound=Model)

# How much of a typed name must be in the stored one to be looked at: a wide net, because what it
# brings in is judged again, letter by letter.
NET = "0.3"
# Shorter than a trigram: nothing to guess from.
LEAST = 3
LOOKED_AT = 60
MOST_SWAPPED = 12


def near_rows(rows: QuerySet[M], field: str, key: str, *, limit: int) -> list[tuple[M, int]]:
    """The rows whose `field` holds nearly the words of `key`, and how far off, best first.

    `field` is a stored name key (`officeflow.text.name_key`) with a trigram index; `key` is made
    the same way. What is written exactly so is among them, with no distance.
    """
    words = key.split()
    if len(key) < LEAST or not words or len(words) > 8:
        return []
    wanted = Q(**{f"{field}__trigram_strict_word_similar": key})
    if len(words) == 1 and LEAST < len(key) <= MOST_SWAPPED:
        for each in swapped(key):
            wanted |= Q(**{f"{field}__contains": each})
    nearness = TrigramStrictWordSimilarity(key, field)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.strict_word_similarity_threshold', %s, true)", [NET]
        )
        looked_at = list(
            rows.filter(wanted).annotate(nearness=nearness).order_by("-nearness")[:LOOKED_AT]
        )
    judged = [(row, near(words, getattr(row, field))) for row in looked_at]
    found = [(row, distance) for row, distance in judged if distance is not None]
    # Sorting keeps the order of the database among equals.
    found.sort(key=lambda pair: pair[1])
    return found[:limit]
