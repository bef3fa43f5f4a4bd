"""The style guide, the layout of every page, and the error pages."""

from __future__ import annotations

import re

import pytest
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from officeflow.api.error_handlers import server_error
from officeflow.company.models import Office
from officeflow.staff.models import User
from officeflow.ui import icons
from officeflow.ui.samples import SampleState


def test_the_style_guide_shows_every_tone_and_icon_in_light_and_dark(
    client: Client, rita: User
) -> None:
    client.force_login(rita)
    html = client.get(reverse("styleguide")).content.decode()
    assert html.count("theme-light") == html.count("theme-dark") > 10
    for state in SampleState:
        assert f"badge--{state.tone}" in html
    for name in icons.names():
        assert f"<code>{name}</code>" in html


def test_the_style_guide_needs_a_sign_in(client: Client, office: Office) -> None:
    answer = client.get(reverse("styleguide"))
    assert answer.status_code == 302
    assert reverse("staff:sign-in") in answer["Location"]


def test_the_style_guides_lookup_matches_any_words(client: Client, rita: User) -> None:
    client.force_login(rita)
    found = client.get(reverse("styleguide-lookup"), {"q": "cyan INK"}).json()["results"]
    assert [result["id"] for result in found] == ["INK-CYN"]


def test_no_two_elements_of_the_style_guide_share_an_id(client: Client, rita: User) -> None:
    client.force_login(rita)
    html = client.get(reverse("styleguide")).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_every_stylesheet_and_script_of_a_page_exists(client: Client, rita: User) -> None:
    client.force_login(rita)
    html = client.get(reverse("styleguide")).content.decode()
    files = re.findall(r'(?:href|src)="/static/([^"#]+)', html)
    assert len(files) > 20
    assert [name for name in files if finders.find(name) is None] == []


def test_the_layout_names_the_person_and_has_a_sign_out_form(client: Client, rita: User) -> None:
    client.force_login(rita)
    html = client.get(reverse("styleguide")).content.decode()
    assert "Rita Receptionist" in html
    assert f'<form method="post" action="{reverse("staff:sign-out")}">' in html
    assert 'href="#content"' in html


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "405", "500", "503"])
def test_an_error_page_renders_without_context(name: str) -> None:
    html = render_to_string(f"{name}.html")
    assert "<h1" in html
    assert 'href="/"' in html


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/desk/", "text/html"), ("/api/v1/orders/", "application/problem+json")],
)
def test_without_the_database_the_response_has_retry_after(
    path: str, kind: str, rf: RequestFactory
) -> None:
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        answer = server_error(rf.get(path))
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert answer["Content-Type"].startswith(kind)


def test_opening_the_address_of_a_form_shows_a_page(client: Client, rita: User) -> None:
    client.force_login(rita)
    answer = client.get(reverse("staff:sign-out"))
    assert answer.status_code == 405
    assert 'id="sidebar"' in answer.content.decode()


def test_the_404_page_has_the_navigation_for_a_signed_in_person(client: Client, rita: User) -> None:
    client.force_login(rita)
    answer = client.get("/nowhere/at-all/")
    assert answer.status_code == 404
    assert 'id="sidebar"' in answer.content.decode()
