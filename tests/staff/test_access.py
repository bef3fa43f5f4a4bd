"""`requires`: who may open a page."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from officeflow.permissions import Permission, Role, roles_with
from officeflow.staff.access import requires
from officeflow.staff.models import User


@requires(Permission.VIEW_BOOKS, Permission.VIEW_DASHBOARDS)
def page_view(request, number):  # type: ignore[no-untyped-def]
    return HttpResponse(number)


def visit(person):  # type: ignore[no-untyped-def]
    request = RequestFactory().get("/page/7/?page=2")
    request.user = person
    return page_view(request, "7")


def test_any_one_of_the_permissions_opens_it(amir: User, ada: User) -> None:
    assert visit(amir).content == b"7"
    assert visit(ada).content == b"7"


def test_a_stranger_is_asked_to_sign_in_and_comes_back() -> None:
    answer = visit(AnonymousUser())
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/?next=/page/7/%3Fpage%3D2"


def test_a_closed_room_says_which_roles_open_it(rita: User) -> None:
    answer = visit(rita)
    assert answer.status_code == 403
    assert "Accountant, Manager, Administrator" in answer.content.decode()


def test_a_superuser_without_a_role_stays_outside(db: None) -> None:
    assert visit(User.objects.create_superuser("root", "x" * 12)).status_code == 403


def test_roles_with_is_in_the_order_of_the_roles() -> None:
    assert roles_with([Permission.VIEW_HR]) == [Role.HR]
    assert roles_with([Permission.VIEW_DESK]) == [Role.RECEPTIONIST, Role.MANAGER]
