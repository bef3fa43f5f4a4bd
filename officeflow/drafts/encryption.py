"""The encryption of drafts.

A draft may hold what only another department may read, such as a complaint about a colleague. So
the database, its logs and its copies hold ciphertext alone. Each author has a key of their own,
derived from `SECRET_KEY`, and content moved to another author's row cannot be decrypted.
"""

from __future__ import annotations

import json
from typing import Any

from cryptography.fernet import InvalidToken, MultiFernet

from officeflow.encryption import cipher_for


def encrypt(author_id: int, value: Any) -> bytes:
    """Returns a JSON value encrypted for an author."""
    return _cipher(author_id).encrypt(json.dumps(value, separators=(",", ":")).encode())


def decrypt(author_id: int, content: bytes | memoryview) -> Any:
    """Returns the value; None when `SECRET_KEY` has changed or the author is another."""
    try:
        return json.loads(_cipher(author_id).decrypt(bytes(content)))
    except InvalidToken:
        return None


def _cipher(author_id: int) -> MultiFernet:
    """Returns the author's cipher."""
    return cipher_for(f"officeflow.drafts {author_id}")
