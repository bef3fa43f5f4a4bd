"""What a text may hold, and how names are compared: without accents, case or runs of white space,
and with a slip or two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

# No text has these: what is left of C0 and DEL without tab, line feed and carriage return.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Letters that Unicode does not take apart, as people without that key on their keyboard type them;
# and the marks that telephones and word processors put in the place of plain ones.
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


def fold(text: str) -> str:
    """A text without accents and case, its white space as it was."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return bare.casefold().translate(PLAIN)


def name_key(text: str) -> str:
    """The sort and search key of a name: `  Émile  Žižka` becomes `emile zizka`.

    The database sorts by code point, so a key made here is what lists are sorted by.
    """
    return " ".join(fold(text).split())


def allowed_distance(word: str) -> int:
    """How many typing errors a word may have and still mean another: none in two letters, one in
    up to five, two in up to nine, three in longer ones. None in anything with a digit in it.
    """
    if len(word) <= 2 or any(char.isdigit() for char in word):
        return 0
    return 1 if len(word) <= 5 else 2 if len(word) <= 9 else 3


def distance(one: str, other: str, most: int) -> int:
    """How many letters were added, left out, changed or swapped with their neighbour.

    Stops counting above `most` and answers `most + 1` then. (Optimal string alignment.)
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
    """The fewest typing errors that turn `word` into one of `others`, or into its beginning.

    None when it takes more than `allowed_distance`.
    """
    most = allowed_distance(word)
    best = most + 1
    for other in others:
        if word in other:
            return 0
        best = min(best, distance(word, other, most))
        if len(word) >= 4 and len(other) > len(word):
            # Somebody is still typing: the beginning of the word, give or take a letter.
            for length in {len(word) - 1, len(word), len(word) + 1}:
                best = min(best, distance(word, other[:length], most))
    return best if best <= most else None


def near(words: Sequence[str], key: str) -> int | None:
    """How many typing errors lie between typed words and a key that holds them all, in any order.

    None when one of the words is not in it at all. `words` are folded already.
    """
    others = key.split()
    total = 0
    for word in words:
        found = word_distance(word, others)
        if found is None:
            return None
        total += found
    return total


def swapped(word: str) -> list[str]:
    """The word with each pair of neighbours swapped: the slip that trigrams forgive least."""
    return [
        word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        for at in range(len(word) - 1)
        if word[at] != word[at + 1]
    ]
