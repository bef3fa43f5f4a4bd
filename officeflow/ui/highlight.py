"""Marks the parts of a text that match a search."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from officeflow.text import fold, word_distance
from officeflow.ui.search import SearchQuery

WORD = re.compile(r"\w+")
PHONE = re.compile(r"\+?\d[\d\s()./-]{3,}\d")
MIN_DIGITS = 4


def marked(text: Any, query: SearchQuery | None) -> SafeString:
    """Returns the text with `<mark>` around matches; accents and typing errors are tolerated."""
    plain = str(text)
    spans = _spans(plain, query) if query is not None and not query.is_empty else []
    if not spans:
        return escape(plain)
    pieces: list[str] = []
    at = 0
    for start, end in spans:
        pieces += (escape(plain[at:start]), "<mark>", escape(plain[start:end]), "</mark>")
        at = end
    pieces.append(escape(plain[at:]))
    return mark_safe("".join(pieces))  # noqa: S308


def _spans(text: str, query: SearchQuery) -> list[tuple[int, int]]:
    if text in query.numbers:
        return [(0, len(text))]
    folded = fold(text)
    # Numbers of one or two digits would match too often.
    exact = tuple(
        word for word in query.words if word in folded and not (word.isdigit() and len(word) < 3)
    )
    fuzzy = tuple(word for word in query.words if word not in folded)
    spans = _phone_spans(text, query)
    if exact or fuzzy:
        for match in WORD.finditer(text):
            spans += _word_spans(match, exact, fuzzy)
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _word_spans(
    match: re.Match[str], exact: tuple[str, ...], fuzzy: tuple[str, ...]
) -> list[tuple[int, int]]:
    """Returns the span of the longest exact match in a word; the whole word for a fuzzy match."""
    folded = fold(match.group())
    inside = [each for each in exact if each in folded]
    if inside:
        longest = max(inside, key=len)
        at = folded.find(longest)
        letters = [fold(char) for char in match.group()]
        start = _letter_index(letters, at)
        end = _letter_index(letters, at + len(longest) - 1) + 1
        return [(match.start() + start, match.start() + end)]
    return [match.span()] if fuzzy and _is_similar(folded, fuzzy) else []


@lru_cache(maxsize=1000)  # the same words are in many results of one search
def _is_similar(word: str, fuzzy: tuple[str, ...]) -> bool:
    """Returns whether a word is one of the others with a few typing errors."""
    return any(word_distance(each, [word]) for each in fuzzy)


def _letter_index(letters: list[str], at: int) -> int:
    """Returns the index of the letter at a position of the folded text; `ß` folds to two."""
    seen = 0
    for index, folded in enumerate(letters):
        seen += len(folded)
        if at < seen:
            return index
    return len(letters) - 1


def _phone_spans(text: str, query: SearchQuery) -> list[tuple[int, int]]:
    """Returns the spans of phone numbers that contain the digits, in any spacing."""
    if len(query.digits) < MIN_DIGITS:
        return []
    spans = []
    for match in PHONE.finditer(text):
        places = [at for at in range(*match.span()) if text[at].isdigit()]
        bare = "".join(text[at] for at in places)
        # A query with a country code matches a number written without.
        wanted = query.digits if query.digits in bare else bare.lstrip("0")
        if not wanted or (wanted != query.digits and not query.digits.endswith(wanted)):
            continue
        first = bare.find(wanted)
        spans.append((places[first], places[first + len(wanted) - 1] + 1))
    return spans
