"""Who a customer is elsewhere: the number that another program knows them by."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from frontdesk.models.customers import Customer


class CustomerReference(models.Model):
    """A customer's number in a source of files, such as 17850 in `online-retail`.

    A customer may be known to several sources; a number of a source is one customer.
    """

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
