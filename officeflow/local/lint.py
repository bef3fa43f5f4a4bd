"""``make lint``: the static checks of the code."""

import json
import os
import subprocess
import sys
import time

from officeflow.local.var_folder import PROJECT

# Example settings for production. The checks only read them and connect to nothing.
PRODUCTION = {
    "OFFICEFLOW_MODE": "production",
    "SECRET_KEY": "an-example-of-a-secret-key-4f9!cR7~kQ2_vN8-wZ5+hL1=pT6",
    "ALLOWED_HOSTS": "office.example",
    "DATABASE_URL": "postgres://officeflow@database.example/officeflow",
    "REDIS_URL": "redis://broker.example/0",
    "DJANGO_SETTINGS_MODULE": "officeflow.settings",
}
MIGRATIONS = ["-W", "ignore::RuntimeWarning", "manage.py", "makemigrations"]
CHECKS = {
    "ruff check": ["-m", "ruff", "check", "--quiet", "--output-format=concise", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "--output-format=concise", "."],
    "templates": ["-m", "djlint", "--check", "templates"],
    "texts": ["-m", "officeflow.local.untranslated_texts"],
    "mypy": ["-m", "mypy", "--no-error-summary"],
    "import-linter": ["-c", "from importlinter.cli import lint_imports_command as c; c()"],
    "migrations": [*MIGRATIONS, "--check", "--dry-run"],
    "api description": ["-m", "officeflow.local.openapi"],
    "check --deploy": ["manage.py", "check", "--deploy", "--fail-level", "WARNING"],
}


AUDIT_SECONDS = 60
AUDIT = ["-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json"]


def audit() -> tuple[str, bool]:
    """Look for known vulnerabilities of the locked packages.

    Return the result in words, and whether one was found. Without the data the words say so in one
    line, and nothing fails.
    """
    try:
        done = subprocess.run(
            [sys.executable, *AUDIT, "--requirement=requirements.txt"],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=AUDIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"not done: no answer within {AUDIT_SECONDS} s", False
    return audit_result(done.stdout)


def audit_result(output: str) -> tuple[str, bool]:
    """Return what pip-audit's JSON says in words, and whether a vulnerability was found.

    pip-audit prints no JSON when it cannot reach the data.
    """
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        packages = []
    known = [each for each in packages if "skip_reason" not in each]
    if not known:
        return "not done: the data on vulnerabilities cannot be reached", False
    found = [
        f"  {each['name']} {each['version']}: {vulnerability['id']}"
        for each in known
        for vulnerability in each["vulns"]
    ]
    if found:
        return "\n".join(["FAILED", *found]), True
    missing = len(packages) - len(known)
    return f"ok, without {missing} packages that the data does not know" if missing else "ok", False


def lint() -> int:
    """Run every check, print its result and the output of failed ones; return 1 when any fails."""
    environment = {**os.environ, **PRODUCTION}
    failed = []
    for name, arguments in CHECKS.items():
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        result = "ok" if done.returncode == 0 else "FAILED"
        print(f"{name:<16} {result} ({time.monotonic() - began:.1f} s)", flush=True)
        if done.returncode != 0:
            print(done.stdout.rstrip(), flush=True)
            failed.append(name)
    words, is_vulnerable = audit()
    print(f"{'pip-audit':<16} {words}", flush=True)
    if is_vulnerable:
        failed.append("pip-audit")
    if failed:
        print(f"lint: {', '.join(failed)} failed", flush=True)
    return 1 if failed else 0
