"""Showing why something was found: the letters that were typed, marked where they stand."""

from __future__ import annotations

import re
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from officeflow.text import fold, word_distance
from officeflow.ui.search import SearchQuery

WORD = re.compile(r"\w+")
PHONE = re.compile(r"\+?\d[\d\s()./-]{3,}\d")
LEAST_DIGITS = 4


def marked(text: Any, query: SearchQuery | None) -> SafeString:
    """The text with `<mark>` around what was asked for, accents and typing errors forgiven."""
    words = str(text)
    spans = _spans(words, query) if query is not None and not query.is_empty else []
    pieces: list[SafeString] = []
    at = 0
    for start, end in spans:
        pieces.append(format_html("{}<mark>{}</mark>", words[at:start], words[start:end]))
        at = end
    pieces.append(format_html("{}", words[at:]))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def _spans(text: str, query: SearchQuery) -> list[tuple[int, int]]:
    if text in query.numbers:
        return [(0, len(text))]
    folded = fold(text)
    # A word that stands there as it was typed is not looked for among the near ones as well.
    # A digit or two are part of half the numbers on a page.
    there = tuple(
        word for word in query.words if word in folded and not (word.isdigit() and len(word) < 3)
    )
    guessed = tuple(word for word in query.words if word not in folded)
    spans = _digits(text, query) + [
        span for match in WORD.finditer(text) for span in _word(match, there, guessed)
    ]
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _word(
    match: re.Match[str], there: tuple[str, ...], guessed: tuple[str, ...]
) -> list[tuple[int, int]]:
    """Where one word of the text holds one that was asked for; the whole word for a near one."""
    letters = [fold(char) for char in match.group()]
    folded = "".join(letters)
    inside = [(each, folded.find(each)) for each in there if each in folded]
    if inside:
        each, at = max(inside, key=lambda pair: len(pair[0]))
        start = _letter(letters, at)
        end = _letter(letters, at + len(each) - 1) + 1
        return [(match.start() + start, match.start() + end)]
    if any(word_distance(each, [folded]) for each in guessed):
        return [match.span()]
    return []


def _letter(letters: list[str], at: int) -> int:
    """Which letter of the text a place in its folded form belongs to: `ß` folds to two."""
    seen = 0
    for index, folded in enumerate(letters):
        seen += len(folded)
        if at < seen:
            return index
    return len(letters) - 1


def _digits(text: str, query: SearchQuery) -> list[tuple[int, int]]:
    """The phone number that holds the digits, however it is spaced."""
    if len(query.digits) < LEAST_DIGITS:
        return []
    spans = []
    for match in PHONE.finditer(text):
        places = [at for at in range(*match.span()) if text[at].isdigit()]
        bare = "".join(text[at] for at in places)
        # A number asked for with its country holds the one that is written without.
        wanted = query.digits if query.digits in bare else bare.lstrip("0")
        if not wanted or (wanted != query.digits and not query.digits.endswith(wanted)):
            continue
        first = bare.find(wanted)
        spans.append((places[first], places[first + len(wanted) - 1] + 1))
    return spans
