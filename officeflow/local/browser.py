"""A browser for the journeys: the one that is there, else Debian's, else Playwright's download.

The first half uses the standard library alone, because the set-up calls it before anything is
installed.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def starts(program: str) -> bool:
    """Whether this browser tells its version: a stub, or one without its libraries, does not."""
    command = [program, "--headless", "--no-sandbox", "--version"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and b"Chrom" in done.stdout


def system_chromium() -> str | None:
    """The Chromium or Chrome of this machine: ``$CHROMIUM`` before those on the path."""
    named = os.environ.get("CHROMIUM")
    found: list[str | None] = [named] if named else [shutil.which(name) for name in NAMES]
    return next((program for program in found if program and starts(program)), None)


def install_system_browser(say: Callable[[str], None]) -> None:
    """As root on Debian, install its Chromium when the machine has no browser."""
    try:
        debian = "\nID=debian" in "\n" + Path("/etc/os-release").read_text()
    except OSError:
        debian = False
    if os.geteuid() != 0 or not debian or not shutil.which("apt-get") or find_chromium():
        return
    say("installing Debian's chromium for the browser journeys")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    for command in (install, ["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        if command is install and done.returncode == 0:
            return
    say("Debian's chromium cannot be installed here")


def playwright_folder() -> Path:
    """Where Playwright keeps the browsers it has downloaded."""
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if named and named != "0":
        return Path(named)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ms-playwright"


def playwright_chromium() -> str | None:
    """A Chromium that Playwright downloaded before, the newest first."""
    folder = playwright_folder()
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/*/*headless*shell")
    for pattern in patterns:
        for program in sorted(folder.glob(pattern), reverse=True):
            if starts(str(program)):
                return str(program)
    return None


def find_chromium() -> str | None:
    """A browser that starts, without installing anything; None when there is none."""
    return system_chromium() or playwright_chromium()


def ensure_chromium() -> str | None:
    """A browser that starts, downloaded when there is no other way; None when there is none."""
    from officeflow.local.output import say

    found = find_chromium()
    if found or os.environ.get("CHROMIUM"):
        return found
    install_system_browser(say)
    found = find_chromium()
    if found:
        return found
    say("downloading Chromium for the browser journeys")
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = find_chromium()
    if found is None:
        words = (done.stderr or done.stdout).strip().splitlines() or ["it does not start"]
        say(f"no browser for the journeys: {words[-1]}")
    return found
