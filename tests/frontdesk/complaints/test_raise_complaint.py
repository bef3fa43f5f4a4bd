"""Logging complaints, with their routes and sealing."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.core import serializers
from django.db import IntegrityError

from frontdesk.complaints.actions.complaints import raise_complaint
from frontdesk.complaints.actions.routes import change_route
from frontdesk.complaints.models import Complaint, ComplaintCategory
from frontdesk.customers.models import Customer
from frontdesk.orders.actions.place import place_order
from frontdesk.orders.actions.pricing import NewLine
from officeflow.audit.models import AuditEntry
from officeflow.catalogue.models import Product
from officeflow.errors import Refused
from officeflow.handoff.contract_labels import Severity
from officeflow.handoff.models import Destination, Handoff
from officeflow.staff.models import User
from tests.people import employ

pytestmark = pytest.mark.django_db

SECRET = "He shouted at my grandmother"


@pytest.mark.parametrize(
    ("category", "destination"),
    [
        (ComplaintCategory.GOODS, "fulfilment"),
        (ComplaintCategory.BILLING, "accounting"),
        (ComplaintCategory.CONDUCT, "hr"),
        (ComplaintCategory.SERVICE, "management"),
        (ComplaintCategory.OTHER, "management"),
    ],
)
def test_a_complaint_goes_to_the_department_of_its_category(
    rita: User, nora: Customer, category: ComplaintCategory, destination: str
) -> None:
    complaint = raise_complaint(
        actor=rita, customer=nora, category=category, description="It is not right"
    )
    assert Handoff.objects.get(subject=complaint.number).destination == destination


def test_the_route_can_be_changed(rita: User, ada: User, nora: Customer) -> None:
    change_route(actor=ada, category=ComplaintCategory.GOODS, destination=Destination.MANAGEMENT)
    complaint = raise_complaint(
        actor=rita,
        customer=nora,
        category=ComplaintCategory.GOODS,
        description="The mug is chipped",
    )
    assert complaint.destination == "management"


def test_the_route_of_conduct_cannot_be_changed(ada: User, office: object) -> None:
    with pytest.raises(Refused):
        change_route(
            actor=ada, category=ComplaintCategory.CONDUCT, destination=Destination.MANAGEMENT
        )


def test_the_desk_stores_no_details_of_a_sealed_complaint(
    rita: User, nora: Customer, mug: Product
) -> None:
    order = place_order(
        actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(1))]
    )
    complaint = raise_complaint(
        actor=rita,
        customer=nora,
        category=ComplaintCategory.CONDUCT,
        description=SECRET,
        desired_outcome="An apology for the shouting",
        severity=Severity.HIGH,
        order=order,
    )
    complaint.refresh_from_db()
    kept = serializers.serialize("json", [complaint, *AuditEntry.objects.all()])
    assert "shout" not in kept
    assert (complaint.order, complaint.product, complaint.severity) == (None, None, "normal")
    handoff = Handoff.objects.get(subject=complaint.number)
    assert handoff.is_sealed
    assert SECRET in json.dumps(handoff.payload)


def test_the_database_refuses_text_on_a_sealed_complaint(rita: User, nora: Customer) -> None:
    complaint = raise_complaint(
        actor=rita, customer=nora, category=ComplaintCategory.CONDUCT, description=SECRET
    )
    with pytest.raises(IntegrityError):
        Complaint.objects.filter(pk=complaint.pk).update(description=SECRET)


def test_a_description_is_required(rita: User, nora: Customer) -> None:
    with pytest.raises(Refused) as refused:
        raise_complaint(
            actor=rita, customer=nora, category=ComplaintCategory.GOODS, description=" "
        )
    assert refused.value.field == "description"


def test_another_customers_order_is_refused(rita: User, nora: Customer, mug: Product) -> None:
    order = place_order(
        actor=rita, customer=nora, lines=[NewLine(product=mug, quantity=Decimal(1))]
    )
    stranger = Customer.objects.create(number="CU-999999", name="Stranger", name_key="stranger")
    with pytest.raises(Refused) as refused:
        raise_complaint(
            actor=employ("ravi"),
            customer=stranger,
            category=ComplaintCategory.GOODS,
            description="Not mine",
            order=order,
        )
    assert refused.value.field == "order"
