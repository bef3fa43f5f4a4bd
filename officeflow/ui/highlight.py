"""Marks the parts of a text that match a search."""

from __future__ import annotations

import re
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from officeflow.text import fold, word_distance
from officeflow.ui.search import SearchQuery

WORD = re.compile(r"\w+")
PHONE = re.compile(r"\+?\d[\d\s()./-]{3,}\d")
MIN_DIGITS = 4


def marked(text: Any, query: SearchQuery | None) -> SafeString:
    """Returns the text with `<mark>` around matches; accents and typing errors are tolerated."""
    plain = str(text)
    spans = _spans(plain, query) if query is not None and not query.is_empty else []
    pieces: list[SafeString] = []
    at = 0
    for start, end in spans:
        pieces.append(format_html("{}<mark>{}</mark>", plain[at:start], plain[start:end]))
        at = end
    pieces.append(format_html("{}", plain[at:]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _spans(text: str, query: SearchQuery) -> list[tuple[int, int]]:
    if text in query.numbers:
        return [(0, len(text))]
    folded = fold(text)
    # Numbers of one or two digits would match too often.
    exact = tuple(
        word for word in query.words if word in folded and not (word.isdigit() and len(word) < 3)
    )
    fuzzy = tuple(word for word in query.words if word not in folded)
    spans = _phone_spans(text, query) + [
        span for match in WORD.finditer(text) for span in _word_spans(match, exact, fuzzy)
    ]
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
    letters = [fold(char) for char in match.group()]
    folded = "".join(letters)
    inside = [(each, folded.find(each)) for each in exact if each in folded]
    if inside:
        each, at = max(inside, key=lambda pair: len(pair[0]))
        start = _letter_index(letters, at)
        end = _letter_index(letters, at + len(each) - 1) + 1
        return [(match.start() + start, match.start() + end)]
    if any(word_distance(each, [folded]) for each in fuzzy):
        return [match.span()]
    return []


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
