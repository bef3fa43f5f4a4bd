"""A client of the office's pages, for operations that the API does not offer."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request

from tests.people import PASSWORD

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser:
    """A session of one signed-in person."""

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
        """Requests a page; returns its status and text."""
        return self._open(urllib.request.Request(self.base + path))

    def send(self, path: str, fields: dict[str, str], form: str = "") -> tuple[int, str]:
        """Sends the form of the page `form` (by default `path`) to `path`."""
        _, page = self.get(form or path)
        tokens = TOKEN.findall(page)
        body = {**fields, "csrfmiddlewaretoken": tokens[0] if tokens else ""}
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
