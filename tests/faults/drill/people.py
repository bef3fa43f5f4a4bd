"""People with a browser: what the API does not offer is done on the office's pages."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request

from tests.people import PASSWORD

KEY = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """One person who is signed in."""

    def __init__(self, port: int, username: str) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.username = username
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )
        status, page = self.send("/sign-in/", {"username": username, "password": PASSWORD})
        assert status == 200, f"{username} cannot sign in: {status}"
        assert 'type="password"' not in page, f"{username} cannot sign in"

    def get(self, path: str) -> tuple[int, str]:
        """A page."""
        return self._open(urllib.request.Request(self.base + path))

    def send(self, path: str, fields: dict[str, str], form: str = "") -> tuple[int, str]:
        """A form of the page at `form` (or at `path`), sent to `path`."""
        _, page = self.get(form or path)
        keys = KEY.findall(page)
        body = {**fields, "csrfmiddlewaretoken": keys[0] if keys else ""}
        return self._open(
            urllib.request.Request(
                self.base + path,
                urllib.parse.urlencode(body).encode(),
                {"Referer": self.base + path},
            )
        )

    def _open(self, request: urllib.request.Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=20) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")
