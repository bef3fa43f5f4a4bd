"""Downloads pip from the package index for a Python without pip, as Debian's is.

The file is checked against the hash below, so the connection need not be trusted. Uses the standard
library alone.
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
    """Return the package index of the environment or of pip's settings; empty when none is set."""
    url = os.environ.get("PIP_INDEX_URL")
    if url:
        return url
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
    """Return the content at this address.

    Raises:
        OSError: the content cannot be read.
    """
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:
            return answer.read()
    except urllib.error.URLError as error:
        if not isinstance(error.reason, ssl.SSLCertVerificationError):
            raise
    # A minimal machine has no certificates; the hash proves that the file is the right one.
    unchecked = ssl.create_default_context()
    unchecked.check_hostname = False
    unchecked.verify_mode = ssl.CERT_NONE
    with urllib.request.urlopen(url, timeout=60, context=unchecked) as answer:
        return answer.read()


def fetch(folder: Path) -> Path:
    """Download pip's wheel into ``folder`` and return its path.

    Raises:
        OSError: the index cannot be reached or does not have the wheel.
        ValueError: the file has another hash.
    """
    if not index():
        raise FileNotFoundError(2, "no package index is set", "PIP_INDEX_URL")
    page = index().rstrip("/") + "/pip/"
    links = re.findall(r'href="([^"]+)"', read(page).decode(errors="replace"))
    link = next((link for link in links if WHEEL in link.partition("#")[0]), None)
    if link is None:
        raise FileNotFoundError(2, f"{WHEEL} is not in the package index", page)
    data = read(urllib.parse.urljoin(page, link))
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ValueError(f"{WHEEL} of the package index has another hash")
    wheel = folder / WHEEL
    wheel.write_bytes(data)
    return wheel


def install(python: Path, folder: Path) -> bool:
    """Install pip into this Python with its own wheel; return whether that worked."""
    try:
        wheel = fetch(folder)
    except (OSError, ValueError):
        return False
    command = [str(python), f"{wheel}/pip", "install", "--no-index", "--quiet", str(wheel)]
    done = subprocess.run(command, capture_output=True, check=False)
    wheel.unlink()
    return done.returncode == 0
