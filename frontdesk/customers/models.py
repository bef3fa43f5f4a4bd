"""Customers with their contacts, notes and numbers in imported files."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

# Functions that PostgreSQL knows to be immutable; NFKD and U+0300 to U+036F take accents away.
FOLDED = (
    "replace(translate(lower(regexp_replace(normalize(%(expressions)s, NFKD), "
    r"'[\u0300-\u036f]', '', 'g')), 'øđðłħı', 'oddlhi'), 'ß', 'ss')"
)
ADDRESS_KEY = rf"{FOLDED} || ' ' || regexp_replace({FOLDED}, '\s+', '', 'g')"


class Customer(models.Model):
    """A person or a firm with a record; a walk-in has none."""

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    # Compared without accents or case; made by officeflow.text.name_key.
    name_key = models.CharField(max_length=200, editable=False)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    phone_key = models.CharField(max_length=40, blank=True, editable=False)
    email = models.EmailField(_("e-mail"), blank=True)
    email_key = models.CharField(max_length=254, blank=True, editable=False)
    # Whether the office may write to them about their orders and complaints.
    wants_mail = models.BooleanField(_("gets e-mail from us"), default=True)
    address = models.TextField(_("address"), blank=True)
    # Compared like `name_key`, and once more without white space, so that a postcode is
    # found however it is typed. PostgreSQL computes it.
    address_key = models.GeneratedField(
        expression=models.Func("address", template=ADDRESS_KEY),
        output_field=models.TextField(),
        db_persist=True,
    )
    note = models.TextField(_("note"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    # The record that was kept when two records turned out to be the same person.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_a_name"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True)
                | (Q(is_active=False) & ~Q(merged_into=models.F("id"))),
                name="customer_merged_is_off",
            ),
        ]
        indexes = [
            GinIndex(fields=["name_key"], name="customer_name_like", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["name_key", "id"], name="customer_by_name"),
            models.Index(
                fields=["name_key", "id"],
                name="customer_inactive_by_name",
                condition=Q(is_active=False, merged_into__isnull=True),
            ),
            # For searching by some digits of a phone number or the start of an e-mail address.
            GinIndex(fields=["phone_key"], name="customer_phone_like", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["email_key"], name="customer_email_like", opclasses=["gin_trgm_ops"]),
            GinIndex(
                fields=["address_key"], name="customer_address_like", opclasses=["gin_trgm_ops"]
            ),
            models.Index(fields=["email_key"], name="customer_by_email"),
            models.Index(fields=["phone_key"], name="customer_by_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_merged(self) -> bool:
        """Whether this record was merged into another one."""
        return self.merged_into_id is not None


class ContactKind(models.TextChoices):
    """The kind of a further contact."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    PERSON = "person", _("Person")


class CustomerContact(models.Model):
    """A further way to reach a customer, beside the phone and e-mail of the record itself.

    A firm's people are contacts of the kind person; a phone or e-mail may be one of theirs.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=10, choices=ContactKind.choices)
    # For example mobile or accounts; for a person buyer or daughter.
    label = models.CharField(_("what it is"), max_length=60, blank=True)
    value = models.CharField(_("number, address or name"), max_length=254)
    # The comparable form of `value`, as phone_key, email_key or name_key of a customer.
    key = models.CharField(max_length=254, editable=False)
    person = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reached_by"
    )
    is_active = models.BooleanField(default=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(value=""), name="contact_has_a_value"),
            models.CheckConstraint(
                condition=~Q(kind="person") | Q(person__isnull=True), name="contact_person_alone"
            ),
            models.UniqueConstraint(
                fields=["customer", "kind", "key"],
                condition=Q(is_active=True, person__isnull=True),
                name="contact_once_a_customer",
            ),
        ]
        indexes = [
            GinIndex(fields=["key"], name="contact_like", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["key"], name="contact_by_key", condition=Q(is_active=True)),
        ]

    def __str__(self) -> str:
        return self.value

    @property
    def icon(self) -> str:
        """The name of the kind's icon."""
        return {ContactKind.PHONE: "phone", ContactKind.EMAIL: "mail"}.get(
            ContactKind(self.kind), "person"
        )


class CustomerNote(models.Model):
    """A dated note about a customer, which is never changed.

    `Customer.note` holds what everybody should know now.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(_("note"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="note_says_something")]
        indexes = [models.Index(fields=["customer", "-written_at", "-id"], name="note_by_customer")]
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            # `customer` may change, when two records are merged.
            pgtrigger.ReadOnly(name="unchanged", fields=["text", "written_by", "written_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.text[:40]}"


class CustomerReference(models.Model):
    """A customer's number in a source of imported files, such as 17850 in `online-retail`."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="references")
    source = models.CharField(max_length=60)
    reference = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "reference"], name="customer_once_by_source"),
            models.CheckConstraint(condition=~Q(source=""), name="customer_reference_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.reference}"
