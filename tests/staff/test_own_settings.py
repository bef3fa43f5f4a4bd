"""The own settings of a person."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from officeflow.staff.actions import issue_token
from officeflow.staff.models import User

OWN = reverse("staff:own")


def test_a_persons_language_takes_precedence_over_the_offices(client: Client, rita: User) -> None:
    client.force_login(rita)
    assert client.get(OWN).headers["Content-Language"] == "en"
    client.post(OWN, {"language": "en-cz"})
    assert client.get(OWN).headers["Content-Language"] == "en-cz"
    assert client.post(OWN, {"language": "tlh"}).context["form"].errors
    client.post(OWN, {"language": ""})
    assert User.objects.get(pk=rita.pk).language == ""


def test_people_can_end_only_their_own_tokens(client: Client, rita: User, ravi: User) -> None:
    mine, _secret = issue_token(user=rita)
    theirs, _secret = issue_token(user=ravi)
    client.force_login(rita)
    assert mine.token_key[:8] in client.get(OWN).content.decode()
    client.post(reverse("staff:token-end", args=[mine.token_key]))
    assert client.post(reverse("staff:token-end", args=[theirs.token_key])).status_code == 404
    assert list(AuthToken.objects.all()) == [theirs]
