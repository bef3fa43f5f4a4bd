"""Secrets that open one thing once: long, random, and kept only as their hash.

A fast hash is right here: nobody guesses 256 random bits, whatever the hash costs.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_token() -> str:
    """A new secret of 43 characters that an address can carry."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is stored in the place of a secret: SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def is_token(token: str, token_hash: str) -> bool:
    """Whether this is the secret behind the hash; takes as long for a wrong one."""
    return hmac.compare_digest(hash_of(token), token_hash)
