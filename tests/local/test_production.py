"""Production refuses to start without what it needs, in one line that says what is missing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from officeflow.local.var_folder import PROJECT

NEEDED = {
    "SECRET_KEY": "an-example-of-a-secret-key-4f9!cR7~kQ2_vN8-wZ5+hL1=pT6",
    "ALLOWED_HOSTS": "office.example",
    "DATABASE_URL": "postgres://officeflow@127.0.0.1:1/officeflow",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}


def start(*command: str, without: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in NEEDED.items() if name != without}
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_a_command_fails_with_one_line(missing: str) -> None:
    done = start("manage.py", "check", without=missing)
    assert done.returncode != 0
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(f"officeflow: {missing} is not set")


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_the_web_fails_with_one_line_and_exit_code_3(missing: str) -> None:
    done = start("-c", "import officeflow.wsgi", without=missing)
    assert done.returncode == 3
    (line,) = done.stderr.strip().splitlines()
    assert line.startswith(f"officeflow: {missing} is not set")


def test_the_web_starts_with_all_settings() -> None:
    done = start("-c", "import officeflow.wsgi", without="")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SECRET_KEY", "secret", "SECRET_KEY is weak"),
        ("SECRET_KEY", "x" * 60, "SECRET_KEY is weak"),
        ("BEHIND_PROXY", "1", "set PROXY_COUNT"),
        ("PROXY_COUNT", "-1", "PROXY_COUNT is negative"),
    ],
)
def test_an_unsafe_setting_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setitem(NEEDED, name, value)
    done = start("manage.py", "check", without="")
    assert done.returncode != 0
    (line,) = done.stderr.strip().splitlines()
    assert words in line


def test_cookies_belong_to_the_host_and_nothing_is_preloaded() -> None:
    ask = (
        "import officeflow.wsgi; from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SECURE_HSTS_PRELOAD)"
    )
    done = start("-c", ask, without="")
    assert done.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", "False"], done.stderr


SAFE = {
    "DEBUG": False,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_CONTENT_TYPE_NOSNIFF": True,
    "SECURE_REFERRER_POLICY": "same-origin",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_SECURE": True,
}


def test_settings_are_safe_without_being_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(NEEDED, "DEBUG", "1")  # no setting of the environment
    ask = (
        "import officeflow.wsgi; from django.conf import settings as s; "
        f"print([getattr(s, name) for name in {list(SAFE)!r}], s.PASSWORD_HASHERS[0])"
    )
    done = start("-c", ask, without="")
    slow = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    assert done.stdout.strip() == f"{list(SAFE.values())} {slow}", done.stderr
