"""pip for a Python that came without it, as Debian's does: fetched from the index named to pip.

The hash below says whether what came is the file that is meant, so nothing else has to be trusted
on the way. Only the standard library is used.
"""

import configparser
import hashlib
import os
import re
import ssl
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

WHEEL = "pip-25.3-py3-none-any.whl"
SHA256 = "9655943313a94722b7774661c21049070f6bbb0a1516bf02f7c8d5d9201514cd"


def index() -> str:
    """The package index that the environment or pip's settings name; empty when none does."""
    named = os.environ.get("PIP_INDEX_URL")
    if named:
        return named
    home = Path.home()
    names = (".pip/pip.conf", ".config/pip/pip.conf")
    files = [Path("/etc/pip.conf"), *(home / name for name in names)]
    settings = configparser.RawConfigParser()
    try:
        settings.read(files)
    except configparser.Error:
        return ""
    return settings.get("global", "index-url", fallback="")


def read(url: str) -> bytes:
    """What is at this address.

    Raises:
        OSError: it cannot be had.
    """
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.read()
    except urllib.error.URLError as error:
        if not isinstance(error.reason, ssl.SSLCertVerificationError):
            raise
    # A bare machine has no list of authorities. The hash is what this rests on.
    unchecked = ssl.create_default_context()
    unchecked.check_hostname = False
    unchecked.verify_mode = ssl.CERT_NONE
    with urllib.request.urlopen(url, timeout=60, context=unchecked) as answer:
        return answer.read()


def fetch(folder: Path) -> Path:
    """pip's wheel, in ``folder``.

    Raises:
        OSError: the index cannot be reached or does not have it.
        ValueError: what came is not the file that is meant.
    """
    if not index():
        raise FileNotFoundError(2, "no package index is named", "PIP_INDEX_URL")
    page = index().rstrip("/") + "/pip/"
    links = re.findall(r'href="([^"]+)"', read(page).decode(errors="replace"))
    link = next((link for link in links if WHEEL in link.partition("#")[0]), None)
    if link is None:
        raise FileNotFoundError(2, f"{WHEEL} is not in the package index", page)
    data = read(urllib.parse.urljoin(page, link))
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ValueError(f"what the package index gave for {WHEEL} has another hash")
    wheel = folder / WHEEL
    wheel.write_bytes(data)
    return wheel


def install(python: Path, folder: Path) -> bool:
    """Give this Python pip; whether that worked. A wheel of pip can run from where it lies."""
    try:
        wheel = fetch(folder)
    except (OSError, ValueError):
        return False
    command = [str(python), f"{wheel}/pip", "install", "--no-index", "--quiet", str(wheel)]
    done = subprocess.run(command, capture_output=True, check=False)
    wheel.unlink()
    return done.returncode == 0
