"""Keys, codes and recovery codes."""

from __future__ import annotations

import secrets
from datetime import datetime

import pyotp
from django.utils.crypto import salted_hmac

from officeflow.encryption import cipher_for

PERIOD = 30  # seconds that a code is shown
TOLERANCE = 1  # codes before and after the current one, because clocks differ
RECOVERY_CODES = 10
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # without characters that look alike
RECOVERY_LENGTH = 12


def new_key() -> str:
    """Returns a random key of 160 bits in base 32."""
    return pyotp.random_base32()


def encrypted(user_id: int, key: str) -> bytes:
    """Returns a key for the database."""
    return cipher_for(f"officeflow.second_factor {user_id}").encrypt(key.encode())


def decrypted(user_id: int, content: bytes | memoryview) -> str:
    """Returns the key. Raises `cryptography.fernet.InvalidToken` when `SECRET_KEY` has changed."""
    return cipher_for(f"officeflow.second_factor {user_id}").decrypt(bytes(content)).decode()


def key_address(key: str, username: str, office: str) -> str:
    """Returns the address that a QR code gives to an app."""
    return pyotp.TOTP(key).provisioning_uri(name=username, issuer_name=office)


def step_of(key: str, code: str, at: datetime) -> int | None:
    """Returns the half minute for which the code is valid at `at`; None when it is wrong."""
    totp = pyotp.TOTP(key)
    now = int(at.timestamp()) // PERIOD
    for step in range(now - TOLERANCE, now + TOLERANCE + 1):
        if secrets.compare_digest(totp.generate_otp(step), code):
            return step
    return None


def digits(typed: str) -> str:
    """Returns a typed code without spaces and hyphens, in small letters."""
    return "".join(char for char in typed.lower() if char.isascii() and char.isalnum())


def new_recovery_codes() -> list[str]:
    """Returns new recovery codes of about 59 bits, such as `abcd-efgh-jkmn`."""
    found = []
    for _number in range(RECOVERY_CODES):
        text = "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH))
        found.append("-".join(text[at : at + 4] for at in range(0, RECOVERY_LENGTH, 4)))
    return found


def recovery_hash(code: str) -> str:
    """Returns the hash of a recovery code; the code is random, so a fast hash is enough."""
    return salted_hmac(
        "officeflow.second_factor.recovery", digits(code), algorithm="sha256"
    ).hexdigest()
