"""Random tokens for links that work once. Only their hashes are stored.

A fast hash is enough, because 256 random bits cannot be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_token() -> str:
    """Returns a random token of 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Returns the token's SHA-256 as 64 hexadecimal digits."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def is_token(token: str, token_hash: str) -> bool:
    """Returns whether the token has this hash, in constant time."""
    return hmac.compare_digest(hash_of(token), token_hash)
