"""Encryption of values that the database, its logs and its copies must not hold in clear."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def cipher_for(purpose: str) -> MultiFernet:
    """Returns the cipher of one purpose, whose key is derived from `SECRET_KEY`.

    It also reads with the keys of `SECRET_KEY_FALLBACKS`.
    """
    derived = [
        HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(
            secret.encode()
        )
        for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    ]
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])
