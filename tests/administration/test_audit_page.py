"""The audit page: sentences, links, filters, export, and who may see HR's entries."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.models import ComplaintCategory
from officeflow.administration.audit_trail.vocabulary import (
    SENTENCES,
    action_label,
    sentence_for,
    value_text,
)
from officeflow.audit.actions import record
from officeflow.audit.models import AuditEntry, Realm
from officeflow.audit.queries import actions_done
from officeflow.permissions import Role
from officeflow.staff.actions import grant_role
from tests.moments import Moment, any_day

TRAIL = "/administration/audit/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def note(office, rita):
    """Writes an audit entry, by default by Rita about an order."""

    def write(subject="SO-000001", *, actor=rita, action="place_order", kind="order", **more):
        return record(actor=actor, action=action, subject_kind=kind, subject=subject, **more)

    return write


def subjects(client: Client, **asked: str) -> list[str]:
    answer = client.get(TRAIL, asked)
    assert answer.status_code == 200
    return [line.entry.subject for line in answer.context["lines"]]


def at(day: int, hour: int = 12, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def test_an_entry_is_a_sentence_with_a_link_to_the_record(maya, note, nora):
    note(
        nora.number,
        action="add_customer",
        kind="customer",
        changes={"state": ("placed", "part_paid")},
        personal=["phone"],
    )
    page = signed_in(maya).get(TRAIL).content.decode()
    link = f'<a class="ref" href="/desk/customers/{nora.number}/">{nora.number}</a>'
    assert f"<strong>Rita Receptionist</strong> added customer {link}" in page
    assert "part paid" in page
    assert "(not recorded)" in page


def test_an_entry_without_an_actor_names_officeflow(maya, note):
    note("INV-2026-000001", actor=None, action="issue_invoice", kind="invoice")
    note("rita", actor=None, action="send_reset_link", kind="staff")
    page = signed_in(maya).get(TRAIL).content.decode()
    assert "<strong>OfficeFlow</strong> issued invoice" in page
    assert "<strong>A person not signed in</strong> sent" in page


def test_an_entry_does_not_link_to_a_missing_record(maya, note):
    note("SO-000123")
    page = signed_in(maya).get(TRAIL).content.decode()
    assert '<span class="ref">SO-000123</span>' in page


def test_an_entry_links_only_to_records_the_person_may_see(ada, note):
    note("SO-000123")
    note("ada", action="add_person", kind="staff")
    page = signed_in(ada).get(TRAIL).content.decode()
    assert '<span class="ref">SO-000123</span>' in page
    assert 'href="/administration/people/ada/"' in page


def test_names_are_escaped(maya, note, rita):
    rita.full_name = "<script>alert(1)</script>"
    rita.save()
    note("<b>100 %(who)s</b>", kind="thing", action="wave_%(x)s_at")
    page = signed_in(maya).get(TRAIL).content.decode()
    assert "<script>alert" not in page
    assert "<b>100" not in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ["CU-000007", "TK-000009", "SO-000002", "SO-000001"]),
        ({"who": "rita"}, ["CU-000007", "SO-000001"]),
        ({"who": ":system"}, ["TK-000009"]),
        ({"did": "take_ticket"}, ["TK-000009"]),
        ({"kind": "order"}, ["SO-000002", "SO-000001"]),
        ({"record": "so 2"}, ["SO-000002"]),
        ({"since": "2026-03-02", "until": "2026-03-03"}, ["TK-000009", "SO-000002"]),
        ({"until": "2026-03-01"}, ["SO-000001"]),
        ({"q": "blue"}, ["SO-000002"]),
        ({"q": "maya"}, ["SO-000002"]),
        ({"who": "rita", "kind": "customer"}, ["CU-000007"]),
        ({"q": "nothing like it"}, []),
    ],
)
def test_filters_select_entries(maya, note, asked, found):
    note("SO-000001", at=at(1))
    note("SO-000002", actor=maya, at=at(2), changes={"colour": (None, "Blue")})
    note("TK-000009", actor=None, action="take_ticket", kind="ticket", at=at(3))
    note("CU-000007", action="add_customer", kind="customer", at=at(4))
    wanted = {"until": "2026-03-31", **asked}
    assert subjects(signed_in(maya), **wanted) == found


def test_days_are_in_the_offices_time_zone(maya, note):
    note("SO-000001", at=at(30, 22, month=6))  # 23:00 in London
    note("SO-000002", at=at(30, 23, month=6))  # 0:00 on the first of July
    client = signed_in(maya)
    assert subjects(client, since="2026-06-30", until="2026-06-30") == ["SO-000001"]


@any_day
def test_entries_of_today_are_found_at_any_time_of_day(moment: Moment, maya, note):
    note("SO-000001")
    today, before = moment.day.isoformat(), (moment.day - timedelta(days=1)).isoformat()
    client = signed_in(maya)
    assert subjects(client, since=today, until=today, kind="order") == ["SO-000001"]
    assert subjects(client, since=before, until=before, kind="order") == []


def test_invalid_filters_show_errors_beside_their_fields(maya, note):
    note()
    answer = signed_in(maya).get(TRAIL, {"since": "soon", "who": "nobody", "did": "x"})
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) >= {"since", "who", "did"}
    answer = signed_in(maya).get(TRAIL, {"since": "2026-03-02", "until": "2026-03-01"})
    assert "before the first day" in answer.content.decode()


def test_entries_of_hr_are_shown_to_hr_alone(maya, ada, hanna, note, rita, nora, drain):
    raise_complaint(
        actor=rita,
        customer=nora,
        category=ComplaintCategory.CONDUCT,
        description="He shouted at me",
    )
    drain()
    note("everybody", action="set_commission_rate", kind="commission_rate", realm=Realm.HR)
    hrs = set(AuditEntry.objects.filter(realm=Realm.HR).values_list("action", flat=True))
    assert {"open_conduct_case", "set_commission_rate", "open_ticket"} <= hrs
    for someone in (maya, ada):
        client = signed_in(someone)
        answer = client.get(TRAIL)
        assert {line.entry.realm for line in answer.context["lines"]} == {Realm.OFFICE}
        offered = dict(answer.context["form"].fields["did"].choices)
        assert "open_conduct_case" not in offered
        assert subjects(client, did="set_commission_rate") == subjects(client)
        rows = b"".join(client.get(TRAIL, {"export": "csv"}).streaming_content).decode("utf-8-sig")
        assert not [row for row in csv.DictReader(io.StringIO(rows)) if row["HR"] == "yes"]
    answer = signed_in(hanna).get(TRAIL)
    assert {line.entry.realm for line in answer.context["lines"]} == {Realm.HR}
    grant_role(actor=ada, user=hanna, role=Role.MANAGER)
    answer = signed_in(hanna).get(TRAIL)
    assert {line.entry.realm for line in answer.context["lines"]} == {Realm.OFFICE, Realm.HR}


@pytest.mark.parametrize("name", ["rita", "femi", "amir", "nils"])
def test_the_page_needs_a_permission(name, request, office):
    assert signed_in(request.getfixturevalue(name)).get(TRAIL).status_code == 403


def test_pages_link_to_the_next_with_a_constant_number_of_queries(
    maya, note, django_assert_max_num_queries
):
    for number in range(120):
        note(f"SO-{number:06d}", at=at(1, month=4))
    client = signed_in(maya)
    seen, url = [], f"{TRAIL}?kind=order"
    while url:
        with django_assert_max_num_queries(15):
            answer = client.get(url)
        seen += [line.entry.subject for line in answer.context["lines"]]
        following = answer.context["page"].next_url
        assert not following or "kind=order" in following
        url = following
    assert seen == [f"SO-{number:06d}" for number in reversed(range(120))]


def test_an_export_has_the_same_texts_and_is_audited(maya, note):
    note("SO-000123", changes={"state": (None, "placed")})
    answer = signed_in(maya).get(TRAIL, {"kind": "order", "q": "123", "export": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["What happened"] == "Rita Receptionist placed order SO-000123"
    assert row["What changed"] == "state: — → placed"
    entry = AuditEntry.objects.get(action="export_list")
    assert entry.changes["filter"] == [None, "kind=order, q=…"]


def test_a_rate_is_shown_in_percent():
    assert value_text("0.08875", "rate") == "8.875%"
    assert value_text("0.20000", "rate") == "20%"


def test_every_sentence_names_the_record():
    for action in (*SENTENCES, "wave_at"):
        said = sentence_for(action) % {"who": "Rita", "record": "SO-1"}
        assert "SO-1" in said
        assert action_label(action)


def test_actions_done_lists_each_action_of_the_realms_once(office, note):
    for action in ("b", "a", "b"):
        note(action=action)
    note(action="z", realm=Realm.HR)
    done = set(actions_done([Realm.OFFICE]))
    assert {"a", "b"} <= done
    assert "z" not in done
    assert set(actions_done([Realm.OFFICE, Realm.HR])) == done | {"z"}
