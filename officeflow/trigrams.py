"""Search for names with typing errors, by PostgreSQL's trigrams (pg_trgm)."""

from __future__ import annotations

from typing import TypeVar

from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet

from officeflow.text import MOST_WORDS, near, swapped

M = TypeVar("M", bound=Model)

# The similarity from which a row is a candidate. It is low, because `near` compares each candidate
# letter by letter.
MIN_SIMILARITY = "0.3"
MIN_LENGTH = 3  # of a trigram
MAX_CANDIDATES = 60
MAX_SWAPPED_LENGTH = 12


def near_rows(rows: QuerySet[M], field: str, key: str, *, limit: int) -> list[tuple[M, int]]:
    """Returns rows whose `field` has nearly the words of `key`, with their distance, best first.

    `field` is a stored name key (`officeflow.text.name_key`) with a trigram index; `key` is made
    the same way. Exact matches have distance 0.
    """
    words = key.split()
    if len(key) < MIN_LENGTH or not words or len(words) > MOST_WORDS:
        return []
    wanted = Q(**{f"{field}__trigram_strict_word_similar": key})
    if len(words) == 1 and MIN_LENGTH < len(key) <= MAX_SWAPPED_LENGTH:
        for each in swapped(key):
            wanted |= Q(**{f"{field}__contains": each})
    nearness = TrigramStrictWordSimilarity(key, field)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.strict_word_similarity_threshold', %s, true)",
            [MIN_SIMILARITY],
        )
        candidates = list(
            rows.filter(wanted).annotate(nearness=nearness).order_by("-nearness")[:MAX_CANDIDATES]
        )
    judged = [(row, near(words, getattr(row, field))) for row in candidates]
    found = [(row, distance) for row, distance in judged if distance is not None]
    # A stable sort: rows of equal distance stay in order of similarity.
    found.sort(key=lambda pair: pair[1])
    return found[:limit]
