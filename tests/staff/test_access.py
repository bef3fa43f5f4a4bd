"""`requires`: the permissions of views."""

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


def test_any_one_of_the_permissions_is_enough(amir: User, ada: User) -> None:
    assert visit(amir).content == b"7"
    assert visit(ada).content == b"7"


def test_signing_in_returns_to_the_requested_page() -> None:
    answer = visit(AnonymousUser())
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/?next=/page/7/%3Fpage%3D2"


def test_the_403_page_names_the_roles_with_the_permission(rita: User) -> None:
    answer = visit(rita)
    assert answer.status_code == 403
    assert "Accountant, Manager, Administrator" in answer.content.decode()


def test_a_superuser_without_a_role_has_no_permission(db: None) -> None:
    assert visit(User.objects.create_superuser("root", "x" * 12)).status_code == 403


def test_roles_with_keeps_the_order_of_the_enum() -> None:
    assert roles_with([Permission.VIEW_HR]) == [Role.HR]
    assert roles_with([Permission.VIEW_DESK]) == [Role.RECEPTIONIST, Role.MANAGER]
