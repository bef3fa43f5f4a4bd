"""The encryption of drafts.

A draft may hold what only another department may read, such as a complaint about a colleague. So
the database, its logs and its copies hold ciphertext alone. Each author has a key of their own,
derived from `SECRET_KEY`, and content moved to another author's row cannot be decrypted.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


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
    """Returns the author's cipher, which also reads with the keys of `SECRET_KEY_FALLBACKS`."""
    info = f"officeflow.drafts {author_id}".encode()
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [
        HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret.encode())
        for secret in secrets
    ]
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])
