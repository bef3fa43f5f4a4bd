"""Comparing names: without accents, case and repeated white space, and with typing errors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

# Not allowed in any text: C0 and DEL except tab, line feed and carriage return.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Letters that Unicode does not decompose, as people without that key type them; and the typographic
# marks that phones and word processors write.
PLAIN = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ħ": "h",
        "ı": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "‐": "-",
        "‑": "-",
        "–": "-",
    }
)

# Of a search: more words or letters would find nothing else, but cost time.
MOST_WORDS = 8
MOST_LETTERS = 40

# Joining words and titles, which people say and records leave out: "Mrs Okonkwo", "Bell and
# Daughters" of the record "Bell & Daughters Ltd".
SAID = {"&", "+", "and", "the", "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "madam"} | {
    "herr",
    "frau",
    "monsieur",
    "madame",
    "mme",
}


def fold(text: str) -> str:
    """Returns the text without accents and case, its white space unchanged."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.casefold().translate(PLAIN)


def name_key(text: str) -> str:
    """Returns the sort and search key of a name: `  Émile  Žižka` becomes `emile zizka`.

    Lists are sorted by this key, because the database sorts by code point.
    """
    return " ".join(fold(text).split())


def distinct_words(key: str) -> list[str]:
    """Returns the first `MOST_WORDS` different words of a name key: what is searched for costs."""
    return list(dict.fromkeys(key.split()))[:MOST_WORDS]


def telling_words(key: str) -> list[str]:
    """Returns the words of a name key by which a record is found: without titles and joining words.

    All of its words when there are no others; at most `MOST_WORDS`.
    """
    words = distinct_words(key)
    return [word for word in words if word.rstrip(".") not in SAID] or words


def allowed_distance(word: str) -> int:
    """Returns how many typing errors a word may have and still match another.

    None in up to two letters, one in up to five, two in up to nine, three in more. None in a word
    with a digit or of more than `MOST_LETTERS`.
    """
    if not 2 < len(word) <= MOST_LETTERS or any(char.isdigit() for char in word):
        return 0
    return 1 if len(word) <= 5 else 2 if len(word) <= 9 else 3


def distance(one: str, other: str, most: int) -> int:
    """Returns how many letters were added, left out, changed or swapped with their neighbour.

    Above `most` it returns `most + 1`. (Optimal string alignment distance.)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    earlier: list[int] = []  # two rows back, for the swap
    above: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, above, row = above, row, [i]
        for j, b in enumerate(other, start=1):
            best = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                best = min(best, earlier[j - 2] + 1)
            row.append(best)
        if min(row) > most and min(above) > most:
            return most + 1
    return min(row[-1], most + 1)


def word_distance(word: str, others: Iterable[str]) -> int | None:
    """Returns the fewest typing errors between `word` and one of `others`, or its beginning.

    None when they are more than `allowed_distance`.
    """
    most = allowed_distance(word)
    best = most + 1
    for other in others:
        if word in other:
            return 0
        best = min(best, distance(word, other, most))
        if len(word) >= 4 and len(other) > len(word):
            # Perhaps only the beginning was typed so far: compare with beginnings of this length.
            for length in {len(word) - 1, len(word), len(word) + 1}:
                best = min(best, distance(word, other[:length], most))
    return best if best <= most else None


def near(words: Sequence[str], key: str) -> int | None:
    """Returns the sum of typing errors between the words and a key that has them in any order.

    None when the key does not have one of the words. `words` must be folded.
    """
    others = list(dict.fromkeys(key.split()))
    total = 0
    for word in words:
        found = word_distance(word, others)
        if found is None:
            return None
        total += found
    return total


def swapped(word: str) -> list[str]:
    """Returns the word with each pair of letters swapped, the error that trigrams match least."""
    return [
        word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        for at in range(len(word) - 1)
        if word[at] != word[at + 1]
    ]
