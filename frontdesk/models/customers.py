"""Who comes to the counter."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Customer(models.Model):
    """A person or a firm that the desk knows by name. A walk-in has no record at all."""

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
    note = models.TextField(_("note"), blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="customer_has_a_name"),
        ]
        indexes = [
            GinIndex(fields=["name_key"], name="customer_name_like", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["name_key", "id"], name="customer_by_name"),
            # Some digits of a phone number, the beginning of an address: as a clerk hears them.
            GinIndex(fields=["phone_key"], name="customer_phone_like", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["email_key"], name="customer_email_like", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["email_key"], name="customer_by_email"),
        ]

    def __str__(self) -> str:
        return self.name
