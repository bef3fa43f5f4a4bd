"""How names are compared: without accents, case or runs of white space."""

from __future__ import annotations

import unicodedata


def name_key(text: str) -> str:
    """The sort and search key of a name: `  Émile  Žižka` becomes `emile zizka`.

    The database sorts by code point, so a key made here is what lists are sorted by.
    """
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())
