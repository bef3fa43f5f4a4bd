"""The tables of roll-ups: buckets of time, the figures of each, and what changed since."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q


class Bucket(models.Model):
    """An hour or a day of a roll-up whose figures are kept.

    Days are local days of the office, and hours begin with them. A bucket counts only while it has
    the roll-up's present version and no mark lies in it. A day in which nothing happened may reach
    over many days.
    """

    rollup = models.CharField(max_length=20)
    version = models.CharField(max_length=120)
    is_day = models.BooleanField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rollup", "is_day", "starts_at"], name="rollup_bucket_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="rollup_bucket_has_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rollup} {self.starts_at}"


class Figure(models.Model):
    """The sums of a bucket's rows with one key: destination, account, product.

    `family` says which of the roll-up's figures it is. With `bins` the sums are how many values lie
    in each bin of `histograms`.
    """

    # No index of its own: the one below finds a bucket's figures.
    bucket = models.ForeignKey(Bucket, on_delete=models.PROTECT, related_name="+", db_index=False)
    family = models.CharField(max_length=20)
    key = ArrayField(models.TextField())
    sums = ArrayField(models.DecimalField(max_digits=30, decimal_places=4))
    bins = ArrayField(models.SmallIntegerField(), null=True)

    class Meta:
        indexes = [models.Index(fields=["bucket", "family"], name="rollup_figure_of_bucket")]

    def __str__(self) -> str:
        return f"{self.bucket_id} {self.family} {self.key}"


class Mark(models.Model):
    """A row of this time was written or changed later than `marking.SETTLED`.

    Triggers insert it in the transaction of the change, so that whoever sees the changed row sees
    that the buckets around `at` no longer count.
    """

    rollup = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["rollup", "at"], name="rollup_mark_by_time")]

    def __str__(self) -> str:
        return f"{self.rollup} {self.at}"
