"""The sample data of the style guide."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officeflow.limits import NOTE
from officeflow.ui.fields import DayField
from officeflow.ui.numbers import NumberField
from officeflow.ui.widgets import ComboboxInput
from officeflow.workflow import State

SIDES = ("light", "dark")
GOODS = (
    ("PAP-A4", "Copy paper A4, 80 g", "500 sheets"),
    ("PEN-BLU", "Ballpoint pen, blue", "box of 12"),
    ("INK-CYN", "Ink cartridge, cyan", "each"),
    ("CHR-OFC", "Office chair, oak", "each"),
)

COLLEAGUES = (("finn", "Finn Shelf", "Fulfilment"), ("maya", "Maya Ledger", "Accounting"))


class SampleState(State):
    """A status in each tone."""

    WAITING = "sample-waiting", "neutral", gettext_lazy("Waiting")
    PLACED = "sample-placed", "info", gettext_lazy("Placed")
    IN_PROGRESS = "sample-in-progress", "progress", gettext_lazy("In progress")
    PAID = "sample-paid", "good", gettext_lazy("Paid")
    RETURNED = "sample-returned", "warn", gettext_lazy("Returned")
    FAILED = "sample-failed", "bad", gettext_lazy("Failed")


class SampleForm(forms.Form):
    """Every kind of control."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        help_text=gettext_lazy("The receipt is sent to this address."),
    )
    product = forms.CharField(label=gettext_lazy("Product"), max_length=200, required=False)
    amount = NumberField(label=gettext_lazy("Amount"), max_digits=12, decimal_places=2)
    wanted_date = DayField(label=gettext_lazy("Wanted by"), required=False)
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        choices=[
            ("", gettext_lazy("Choose")),
            ("goods", gettext_lazy("Goods")),
            ("billing", gettext_lazy("Billing")),
        ],
    )
    delivery = forms.ChoiceField(
        label=gettext_lazy("Delivery"),
        choices=[("pickup", gettext_lazy("Pick-up")), ("ship", gettext_lazy("Delivery"))],
        widget=forms.RadioSelect,
        initial="pickup",
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    talk = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Type @ to mention a colleague. They are notified."),
    )
    late = forms.BooleanField(label=gettext_lazy("Only what is late"), required=False)
    customer_informed = forms.BooleanField(
        label=gettext_lazy("The customer has been informed"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].widget = ComboboxInput(reverse("styleguide-lookup"))


def lookup(text: str) -> list[dict[str, Any]]:
    """Returns the products that match, for the style guide's combobox."""
    words = text.lower().split()
    return [
        {"id": code, "label": name, "hint": f"{code} · {unit}", "data": {}}
        for code, name, unit in GOODS
        if all(word in f"{code} {name}".lower() for word in words)
    ]


def people(text: str) -> list[dict[str, Any]]:
    """Returns the colleagues that match, for the style guide's comment."""
    return [
        {"id": username, "label": name, "hint": f"@{username} · {department}"}
        for username, name, department in COLLEAGUES
        if text.lower() in f"{username} {name}".lower()
    ]


def files(now: datetime) -> list[dict[str, Any]]:
    """Returns two files, one of them with a long name."""
    return [
        {
            "name": "chair-leg.jpg",
            "size": 412_000,
            "by": "Rita Counter",
            "at": now - timedelta(minutes=12),
            "icon": "camera",
        },
        {
            "name": "delivery note signed by the neighbour on the second floor, 20 November.pdf",
            "size": 1_900_000,
            "by": "Finn Shelf",
            "at": now - timedelta(days=1),
            "icon": "invoice",
        },
    ]


def steps() -> list[dict[str, Any]]:
    """Returns the steps of a checklist, one of them not done."""
    return [
        {"label": _("The office's name and hours"), "is_done": True},
        {"label": _("Products"), "words": _("Add what you sell, or import it from a file.")},
    ]


def forms_for(side: str) -> dict[str, SampleForm]:
    """Returns unbound forms and one with errors, with ids that are unique for each side."""
    wrong = {"name": "", "amount": "12,5x", "email": "nina@", "delivery": "ship"}
    return {
        "fresh": SampleForm(auto_id="%s", prefix=f"{side}-fresh"),
        "filter": SampleForm(auto_id="%s", prefix=f"{side}-filter"),
        "talk": SampleForm(auto_id="%s", prefix=f"{side}-talk"),
        "refused": SampleForm(
            {f"{side}-refused-{name}": value for name, value in wrong.items()},
            auto_id="%s",
            prefix=f"{side}-refused",
        ),
    }


def timeline(now: datetime) -> list[dict[str, Any]]:
    """Returns the timeline of an order."""

    def at(minutes: int) -> datetime:
        return now - timedelta(minutes=minutes)

    def step(label: str, state: str, minutes: int | None = None, actor: str = "") -> dict[str, Any]:
        return {
            "label": label,
            "state": state,
            "at": None if minutes is None else at(minutes),
            "actor": actor,
        }

    return [
        {
            "at": at(58),
            "title": _("Order placed"),
            "actor": "Rita Counter",
            "icon": "order",
            "area": "frontdesk",
            "text": _("Please call before delivery."),
        },
        {
            "at": at(58),
            "title": _("Handed to the back office"),
            "handoff_to": "back",
            "receipts": [
                {
                    "label": _("Fulfilment"),
                    "steps": [
                        step(_("Posted"), "done", 58),
                        step(_("Delivered"), "done", 58),
                        step(_("Accepted"), "done", 51, "Finn Shelf"),
                    ],
                },
                {
                    "label": _("Accounting"),
                    "steps": [
                        step(_("Posted"), "done", 58),
                        step(_("Delivered"), "now"),
                        step(_("Accepted"), "todo"),
                    ],
                },
                {
                    "label": _("HR"),
                    "steps": [
                        step(_("Posted"), "done", 58),
                        step(_("Dead after 6 attempts"), "bad"),
                    ],
                },
            ],
        },
        {
            "at": at(51),
            "title": _("Ticket taken"),
            "actor": "Finn Shelf",
            "icon": "ticket",
            "area": "backoffice",
            "status": SampleState.IN_PROGRESS,
        },
        {
            "at": at(32),
            "title": _("Returned to the desk"),
            "actor": "Finn Shelf",
            "handoff_to": "front",
            "text": _("Which colour of chair does the customer want?"),
        },
        {
            "at": at(20),
            "title": _("Payment taken"),
            "actor": "Rita Counter",
            "icon": "cash",
            "area": "frontdesk",
            "tone": "good",
        },
        {
            "at": at(4),
            "title": _("Ready for pick-up"),
            "actor": "Finn Shelf",
            "icon": "box",
            "area": "backoffice",
            "status": SampleState.PAID,
        },
    ]


def clock_version(now: datetime) -> str:
    """Returns the ETag of the style guide's clock, which changes every four seconds."""
    return f'"{int(now.timestamp()) // 4}"'


def rows(now: datetime) -> list[dict[str, Any]]:
    """Returns some orders for the table."""
    return [
        {
            "number": "SO-000123",
            "customer": "Amara Okafor",
            "state": SampleState.IN_PROGRESS,
            "total": Decimal("1284.50"),
            "at": now - timedelta(minutes=6),
            "tone": "",
        },
        {
            "number": "SO-000122",
            "customer": "Jiří Novák",
            "state": SampleState.RETURNED,
            "total": Decimal("96.00"),
            "at": now - timedelta(hours=3),
            "tone": "warn",
        },
        {
            "number": "SO-000121",
            "customer": _("walk-in"),
            "state": SampleState.PAID,
            "total": Decimal("7.25"),
            "at": now - timedelta(days=1, hours=2),
            "tone": "",
        },
    ]
