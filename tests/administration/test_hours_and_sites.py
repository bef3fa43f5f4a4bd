"""The pages of opening hours, closures and sites."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from officeflow.company.actions import OFFICE_HOURS, hours_of_week, set_opening_hours
from officeflow.company.models import Closure, Office, Site
from officeflow.staff.models import User

HOURS = reverse("company:hours")


@pytest.fixture
def desk(client: Client, office: Office, ada: User) -> Client:
    """Returns a client in which Ada is signed in."""
    client.force_login(ada)
    return client


def typed(page: object, **other: str) -> dict[str, str]:
    """Returns the form's values on the page, with changes."""
    form = page.context["hours_form"]  # type: ignore[attr-defined]
    values = {name: form[name].value() for name in form.fields}
    kept = {name: str(value) for name, value in values.items() if value is not None}
    return kept | {"calendar-shown": form["calendar"].shown()} | other


def test_opening_hours_are_saved_and_shown(desk: Client) -> None:
    page = desk.get(HOURS)
    desk.post(HOURS, typed(page, sunday_opens_1="10:00", sunday_closes_1="14:00"))
    assert [str(each) for each in hours_of_week()] == ["6 10:00-14:00"]
    assert 'value="10:00"' in desk.get(HOURS).content.decode()


def test_invalid_hours_show_an_error_beside_the_day(desk: Client) -> None:
    page = desk.get(HOURS)
    answer = desk.post(HOURS, typed(page, friday_opens_1="14:00", friday_closes_1="10:00"))
    assert "must be after the opening time" in answer.content.decode()
    assert 'value="14:00"' in answer.content.decode()
    assert hours_of_week() == []


def test_a_stale_form_saves_only_the_days_that_the_person_changed(desk: Client, ada: User) -> None:
    mine = typed(desk.get(HOURS), monday_opens_1="07:00", monday_closes_1="08:00")
    set_opening_hours(actor=ada, hours=OFFICE_HOURS)
    answer = desk.post(HOURS, mine)
    assert answer.status_code == 409
    rows = {str(row.label): row for row in answer.context["stale"]["rows"]}
    assert rows["Monday, opens"].theirs == "09:00"
    assert rows["Monday, opens"].keeps_yours
    assert not rows["Tuesday, opens"].keeps_yours
    assert hours_of_week() == list(OFFICE_HOURS)
    desk.post(HOURS, typed(answer))
    monday, *other_days = hours_of_week()
    assert str(monday) == "0 07:00-08:00"
    assert other_days == list(OFFICE_HOURS[1:])


def test_a_closure_is_added_once_and_removed(desk: Client) -> None:
    day = date.today() + timedelta(days=30)
    closure = {"closed_date": day.isoformat(), "name": "Stocktaking"}
    desk.post(reverse("company:closure-add"), closure)
    again = desk.post(reverse("company:closure-add"), closure)
    assert "closed_date" in again.context["closure_form"].errors
    assert "Stocktaking" in desk.get(HOURS).content.decode()
    for _time in range(2):
        desk.post(reverse("company:closure-remove"), {"closed_date": day.isoformat()})
    assert not Closure.objects.exists()
    assert desk.post(reverse("company:closure-remove"), {"closed_date": "2030-04-31"})


def test_every_change_of_hours_or_closures_renews_the_calendar(office: Office, ada: User) -> None:
    before = office.calendar
    set_opening_hours(actor=ada, hours=[])
    office.refresh_from_db()
    assert office.calendar == before  # nothing changed
    set_opening_hours(actor=ada, hours=OFFICE_HOURS)
    office.refresh_from_db()
    assert office.calendar != before


def test_sites_are_added_renamed_and_deactivated_except_the_main_site(desk: Client) -> None:
    page = reverse("company:sites")
    desk.post(page, {"code": "north", "name": "North shop", "address": "2 Hill Road"})
    assert "code" in desk.post(page, {"code": "NORTH", "name": "Again"}).context["form"].errors
    north = reverse("company:site", args=["NORTH"])
    stale = {"version": 9, "name": "Hill shop", "address": "", "is_active": ""}
    assert desk.post(north, stale).status_code == 409
    desk.post(north, {**stale, "version": 1})
    site = Site.objects.get(code="NORTH")
    assert (site.name, site.is_active) == ("Hill shop", False)
    main = reverse("company:site", args=["MAIN"])
    answer = desk.post(main, {"version": 1, "name": "Main shop", "address": "", "is_active": ""})
    assert "is_active" in answer.context["form"].errors
