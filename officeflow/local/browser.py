"""Finds a Chromium for the browser tests: an installed one, else Debian's, else Playwright's.

``bootstrap.py`` uses this module before anything is installed, so only ``ensure_chromium`` imports
more than the standard library.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def starts(program: str) -> bool:
    """Return whether the browser prints its version; one without its libraries does not."""
    command = [program, "--headless", "--no-sandbox", "--version"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"Chrom" in done.stdout


def system_chromium() -> str | None:
    """Return ``$CHROMIUM``, else a Chromium or Chrome on the path; None when none starts."""
    named = os.environ.get("CHROMIUM")
    found: list[str | None] = [named] if named else [shutil.which(name) for name in NAMES]
    return next((program for program in found if program and starts(program)), None)


def install_system_browser(say: Callable[[str], None]) -> None:
    """As root on Debian, install Debian's Chromium when the machine has no browser."""
    try:
        debian = "\nID=debian" in "\n" + Path("/etc/os-release").read_text()
    except OSError:
        debian = False
    if os.geteuid() != 0 or not debian or not shutil.which("apt-get") or find_chromium():
        return
    say("installing Debian's chromium for the browser tests")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    for command in (install, ["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        if command is install and done.returncode == 0:
            return
    say("Debian's chromium cannot be installed")


def playwright_folder() -> Path:
    """Return the folder of the browsers that Playwright downloaded."""
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if named and named != "0":
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ms-playwright"


def playwright_chromium() -> str | None:
    """Return the newest Chromium that Playwright downloaded and that starts, else None."""
    folder = playwright_folder()
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/*/*headless*shell")
    for pattern in patterns:
        for program in sorted(folder.glob(pattern), reverse=True):
            if starts(str(program)):
                return str(program)
    return None


def find_chromium() -> str | None:
    """Return the path of an installed browser that starts, else None."""
    return system_chromium() or playwright_chromium()


def ensure_chromium() -> str | None:
    """Return the path of a browser that starts, installed or downloaded if needed, else None."""
    from officeflow.local.output import say

    found = find_chromium()
    if found or os.environ.get("CHROMIUM"):
        return found
    install_system_browser(say)
    found = find_chromium()
    if found:
        return found
    say("downloading Chromium for the browser tests")
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = find_chromium()
    if found is None:
        output = (done.stderr or done.stdout).strip().splitlines() or ["it does not start"]
        say(f"no browser for the browser tests: {output[-1]}")
    return found
