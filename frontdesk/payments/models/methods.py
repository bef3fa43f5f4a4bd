"""Payment methods."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class DefaultMethod(models.TextChoices):
    """The codes of the payment methods of a new office."""

    CASH = "cash", _("Cash")
    CARD = "card", _("Card")
    TRANSFER = "transfer", _("Transfer")


class MethodKind(models.TextChoices):
    """Where the money goes; the books have an account for each kind."""

    CASH = "cash", _("Cash drawer")
    CARD = "card", _("Card company (on its way)")
    TRANSFER = "transfer", _("Bank account")


class PaymentMethodQuerySet(models.QuerySet["PaymentMethod"]):
    """Filters of payment methods."""

    def active(self) -> PaymentMethodQuerySet:
        """Returns the methods that the office accepts."""
        return self.filter(is_active=True)


class PaymentMethod(models.Model):
    """A payment method such as cash, a card, a voucher or a bank transfer.

    The code and the kind never change, because payments are booked by them.
    """

    code = models.CharField(
        _("code"), max_length=20, unique=True, validators=[RegexValidator(r"^[a-z0-9-]+$")]
    )
    label = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("where the money goes"), max_length=10, choices=MethodKind.choices)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=100)
    is_active = models.BooleanField(_("is taken"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = PaymentMethodQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=MethodKind.values), name="payment_method_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name, translated where a translation exists."""
        return gettext(self.label)

    @property
    def snapshot(self) -> dict[str, str]:
        """The method's values for the fields of `MoneyMoved`."""
        return {"method": self.code, "method_label": self.label, "method_kind": self.kind}
