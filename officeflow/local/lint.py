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


def audit(failed: list[str]) -> str:
    """Look for known vulnerabilities of the locked packages, and return the result.

    Without the data it says so in one line; a vulnerability is added to `failed`.
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
        packages = json.loads(done.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return f"not done: no answer within {AUDIT_SECONDS} s"
    except (ValueError, KeyError):
        return "not done: the data on vulnerabilities cannot be reached"
    known = [each for each in packages if "skip_reason" not in each]
    if not known:
        return "not done: the data on vulnerabilities cannot be reached"
    found = [
        f"  {each['name']} {each['version']}: {vulnerability['id']}"
        for each in known
        for vulnerability in each["vulns"]
    ]
    if found:
        failed.append("pip-audit")
        return "\n".join(["FAILED", *found])
    missing = len(packages) - len(known)
    return f"ok, without {missing} packages that the data does not know" if missing else "ok"


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
    print(f"{'pip-audit':<16} {audit(failed)}", flush=True)
    if failed:
        print(f"lint: {', '.join(failed)} failed", flush=True)
    return 1 if failed else 0
