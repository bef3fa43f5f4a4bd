"""Till counts."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from officeflow.append_only import NO_TRUNCATE, UNCHANGEABLE
from officeflow.company.models import Site


class TillCount(models.Model):
    """The cash in a site's drawer at the end of a day; a count is never changed.

    `expected` is the opening float plus the day's cash payments less cash refunds at the time of
    counting; `difference` is `counted` less `expected`. A wrong count is corrected by another
    count (`corrects`).
    """

    number = models.CharField(max_length=20, unique=True, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    currency = models.CharField(max_length=3)
    opening_float = models.DecimalField(max_digits=18, decimal_places=4)
    expected = models.DecimalField(max_digits=18, decimal_places=4)
    counted = models.DecimalField(max_digits=18, decimal_places=4)
    difference = models.DecimalField(max_digits=18, decimal_places=4)
    note = models.TextField(blank=True)
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    counted_at = models.DateTimeField()
    corrects = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "day"],
                condition=Q(corrects__isnull=True),
                name="till_count_first_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(counted__gte=0) & Q(opening_float__gte=0),
                name="till_count_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(difference=F("counted") - F("expected")),
                name="till_count_difference",
            ),
            models.CheckConstraint(
                condition=Q(difference=0) | ~Q(note=""), name="till_count_difference_explained"
            ),
        ]
        indexes = [models.Index(fields=["-day", "-id"], name="till_count_by_day")]
        triggers = [UNCHANGEABLE, NO_TRUNCATE]

    def __str__(self) -> str:
        return self.number
