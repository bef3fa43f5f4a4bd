"""The pages with which administrators manage people."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from officeflow.company.models import Office
from officeflow.permissions import Role
from officeflow.staff.actions import add_person, change_person, grant_role
from officeflow.staff.models import RoleGrant, User
from officeflow.staff.queries import PEOPLE_ORDER, people
from officeflow.ui.paging import page_of
from tests.people import PASSWORD, employ


@pytest.fixture
def desk(client: Client, office: Office, ada: User) -> Client:
    """Returns a client in which Ada is signed in."""
    client.force_login(ada)
    return client


def next_year(month: int, day: int, hour: int) -> datetime:
    """A moment of the year after everybody was hired."""
    return datetime(timezone.now().year + 1, month, day, hour, tzinfo=UTC)


def page(username: str, name: str = "person") -> str:
    return reverse(f"staff:{name}", args=[username])


def test_the_list_shows_roles_and_until_when(desk: Client, rita: User, amir: User) -> None:
    until = next_year(11, 22, 17)
    grant_role(actor=None, user=amir, role=Role.RECEPTIONIST, valid_until=until)
    text = desk.get(reverse("staff:people")).content.decode()
    assert "Rita Receptionist" in text
    assert f"Receptionist until Nov 22, {until.year}, 5:00 p.m." in text


def test_the_list_needs_a_constant_number_of_queries(
    desk: Client, rita: User, django_assert_max_num_queries
) -> None:
    desk.get(reverse("staff:people"))
    with django_assert_max_num_queries(40) as few:
        desk.get(reverse("staff:people"))
    for username in ("ravi", "femi", "fay", "wanda", "maya"):
        employ(username)
    with django_assert_max_num_queries(len(few)):
        desk.get(reverse("staff:people"))


def test_the_list_has_pages(rita: User, ravi: User, ada: User) -> None:
    def page(**query: str) -> list[str]:
        request = RequestFactory().get("/", query)
        found = page_of(request, people(), order=PEOPLE_ORDER, cursor="username", size=2)
        return [person.username for person in found.rows]

    assert page() == ["ada", "ravi"]
    assert page(after="ravi") == ["rita"]
    assert page(before="rita") == ["ada", "ravi"]


def test_a_person_is_added_with_a_password_shown_once(desk: Client) -> None:
    answer = desk.post(
        reverse("staff:person-new"),
        {"full_name": "Olga Office", "username": "olga", "email": "", "roles": ["hr", "manager"]},
    )
    found = re.search(r"data-first-password>([^<]+)<", answer.content.decode())
    assert found is not None
    olga = User.objects.get(username="olga")
    assert olga.check_password(found[1])
    assert olga.roles == {Role.HR, Role.MANAGER}
    assert found[1] not in desk.get(page("olga")).content.decode()


def test_a_typed_password_is_not_shown(desk: Client) -> None:
    answer = desk.post(
        reverse("staff:person-new"),
        {"full_name": "Olga Office", "username": "olga", "password": PASSWORD},
    )
    assert answer.headers["Location"] == page("olga")
    assert User.objects.get(username="olga").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "Rita"),
        ("username", "no spaces"),
        ("username", ""),
        ("full_name", " "),
        ("email", "nowhere"),
        ("password", "12345"),
    ],
)
def test_invalid_input_shows_an_error_beside_the_field(
    desk: Client, rita: User, field: str, value: str
) -> None:
    typed = {"full_name": "Olga Office", "username": "olga", "password": PASSWORD, field: value}
    answer = desk.post(reverse("staff:person-new"), typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert User.objects.count() == 2


def test_the_times_of_a_role_are_in_the_offices_time_zone(desk: Client, rita: User) -> None:
    begins, ends = next_year(7, 2, 8), next_year(7, 3, 16)  # nine and five in London
    with time_machine.travel(begins - timedelta(days=1), tick=False):
        desk.force_login(User.objects.get(username="ada"))
        answer = desk.post(
            page("rita", "person-grant"),
            {
                "role": "warehouse",
                "valid_from": f"{begins.year}-07-02T09:00",
                "valid_until": f"{ends.year}-07-03T17:00",
            },
        )
        assert answer.status_code == 302
        grant = RoleGrant.objects.get(role="warehouse")
        assert (grant.valid_from, grant.valid_until) == (begins, ends)
        assert grant.granted_by is not None
        assert Role.WAREHOUSE not in User.objects.get(pk=rita.pk).roles
    with time_machine.travel(begins, tick=False):
        assert Role.WAREHOUSE in User.objects.get(pk=rita.pk).roles
    with time_machine.travel(ends, tick=False):
        assert Role.WAREHOUSE not in User.objects.get(pk=rita.pk).roles


def test_a_role_that_ends_before_it_begins_is_refused(desk: Client, rita: User) -> None:
    answer = desk.post(
        page("rita", "person-grant"),
        {"role": "hr", "valid_from": "2030-01-02T09:00", "valid_until": "2030-01-01T09:00"},
    )
    assert "valid_until" in answer.context["grant_form"].errors
    assert not RoleGrant.objects.filter(user=rita, role="hr").exists()


def test_the_same_role_is_not_granted_twice(desk: Client, rita: User) -> None:
    answer = desk.post(page("rita", "person-grant"), {"role": "receptionist"})
    assert "role" in answer.context["grant_form"].errors
    assert RoleGrant.objects.filter(user=rita).count() == 1


def test_a_role_is_ended(desk: Client, rita: User) -> None:
    grant = RoleGrant.objects.get(user=rita)
    RoleGrant.objects.filter(pk=grant.pk).update(valid_from=timezone.now() - timedelta(days=1))
    desk.post(page("rita", "person-grant-end"), {"grant": grant.pk})
    assert User.objects.get(pk=rita.pk).roles == frozenset()
    assert RoleGrant.objects.filter(pk=grant.pk).exists()


def test_a_grant_of_another_person_is_not_found(desk: Client, rita: User, ravi: User) -> None:
    grant = RoleGrant.objects.get(user=ravi)
    assert desk.post(page("rita", "person-grant-end"), {"grant": grant.pk}).status_code == 404
    assert desk.post(page("rita", "person-grant-end"), {"grant": "x"}).status_code == 404


def test_the_last_administrator_keeps_the_role(desk: Client, ada: User) -> None:
    desk.post(page("ada", "person-grant-end"), {"grant": RoleGrant.objects.get(user=ada).pk})
    assert User.objects.get(pk=ada.pk).roles == {Role.ADMINISTRATOR}


def test_one_of_two_administrators_can_lose_the_role(desk: Client, ada: User, maya: User) -> None:
    grant_role(actor=ada, user=maya, role=Role.ADMINISTRATOR)
    desk.post(page("ada", "person-grant-end"), {"grant": RoleGrant.objects.get(user=ada).pk})
    assert User.objects.get(pk=ada.pk).roles == frozenset()


def test_a_temporary_administrator_does_not_replace_a_permanent_one(
    desk: Client, ada: User, maya: User
) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    grant_role(actor=ada, user=maya, role=Role.ADMINISTRATOR, valid_until=tomorrow)
    desk.post(page("ada", "person-grant-end"), {"grant": RoleGrant.objects.get(user=ada).pk})
    assert User.objects.get(pk=ada.pk).roles == {Role.ADMINISTRATOR}


def test_deactivating_asks_for_confirmation(desk: Client, rita: User) -> None:
    assert desk.get(page("rita", "person-deactivate")).status_code == 200
    assert User.objects.get(pk=rita.pk).is_active
    desk.post(page("rita", "person-deactivate"))
    assert not User.objects.get(pk=rita.pk).is_active
    desk.post(page("rita", "person-reactivate"))
    assert User.objects.get(pk=rita.pk).is_active


def test_people_cannot_deactivate_themselves(desk: Client, ada: User, maya: User) -> None:
    grant_role(actor=ada, user=maya, role=Role.ADMINISTRATOR)
    answer = desk.post(page("ada", "person-deactivate"), follow=True)
    assert "You cannot deactivate your own account" in answer.content.decode()
    assert User.objects.get(pk=ada.pk).is_active


def test_the_last_administrator_is_not_deactivated(client: Client, ada: User, maya: User) -> None:
    soon = timezone.now() + timedelta(hours=1)
    grant_role(actor=ada, user=maya, role=Role.ADMINISTRATOR, valid_until=soon)
    client.force_login(maya)
    client.post(page("ada", "person-deactivate"))
    assert User.objects.get(pk=ada.pk).is_active


def test_a_new_password_signs_the_person_out(desk: Client, rita: User) -> None:
    theirs = Client()
    theirs.force_login(rita)
    desk.post(page("rita", "person-password"), {"password": "paper lantern at dusk"})
    assert theirs.get(reverse("staff:password-change")).status_code == 302
    assert User.objects.get(pk=rita.pk).check_password("paper lantern at dusk")


def test_a_stale_form_shows_both_names(desk: Client, rita: User, ada: User) -> None:
    change_person(actor=ada, user=rita, version=1, full_name="Rita Rossi", email="")
    answer = desk.post(page("rita"), {"version": 1, "full_name": "Rita Reyes", "email": ""})
    assert answer.status_code == 409
    assert "Rita Rossi" in answer.content.decode()
    assert 'value="Rita Reyes"' in answer.content.decode()
    assert User.objects.get(pk=rita.pk).full_name == "Rita Rossi"
    desk.post(page("rita"), {"version": 2, "full_name": "Rita Reyes", "email": ""})
    assert User.objects.get(pk=rita.pk).full_name == "Rita Reyes"


def test_administrators_find_people_by_the_search_box(
    desk: Client, client: Client, rita: User, amir: User
) -> None:
    add_person(
        actor=None,
        username="zoe",
        full_name="Zoë Nováková",
        password=None,
        roles=[Role.FULFILMENT],
        email="",
    )
    for text in ("novakova zoe", "zoe", "Nováková"):
        found = desk.get("/search/", {"q": text}).text
        assert page("zoe") in found, text
        assert page("rita") not in found
    # Nobody else finds colleagues.
    client.force_login(rita)
    assert page("amir") not in client.get("/search/", {"q": "amir"}).text
