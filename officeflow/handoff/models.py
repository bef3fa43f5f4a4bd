"""The tables of hand-offs. docs/handoff.md explains how they are used."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officeflow.rollups.marking import marks
from officeflow.transaction_id import TransactionId
from officeflow.workflow import State


class Destination(models.TextChoices):
    """Where a hand-off goes; each is a Celery queue of the same name."""

    FULFILMENT = "fulfilment", _("Fulfilment")
    ACCOUNTING = "accounting", _("Accounting")
    HR = "hr", _("HR")
    MANAGEMENT = "management", _("Management")
    WAREHOUSE = "warehouse", _("Warehouse")
    FRONTDESK = "frontdesk", _("Front desk")
    # Not a department: e-mail that officeflow.mail sends.
    MAIL = "mail", _("Mail")


class HandoffState(State):
    """Every hand-off is in exactly one of these; `waiting` includes being applied just now."""

    WAITING = "waiting", "progress", _("Waiting")
    APPLIED = "applied", "good", _("Applied")
    DEAD = "dead", "bad", _("Dead")
    DISCARDED = "discarded", "neutral", _("Discarded")


class Stream(models.Model):
    """The sequence of hand-offs about one subject to one destination.

    `posted` counts every hand-off ever posted to it; only the one whose sequence is `head` may be
    claimed. Its row is locked while posting and while the head moves. Its first `checkpointed`
    hand-offs are in the destination's `BalanceCheckpoint`; of its first `trimmed` the retention has
    deleted all that no other record points at.
    """

    destination = models.CharField(max_length=20, choices=Destination.choices)
    subject = models.CharField(max_length=40)
    posted = models.BigIntegerField(default=0)
    head = models.BigIntegerField(default=1)
    checkpointed = models.BigIntegerField(default=0, db_default=0)
    # Whether everything posted is in the checkpoint. A column that PostgreSQL computes, so that the
    # index of the other streams does not change with each hand-off.
    is_checkpointed = models.GeneratedField(
        expression=Q(posted=models.F("checkpointed")),  # type: ignore[arg-type]  # Django takes it
        output_field=models.BooleanField(),
        db_persist=True,
    )
    trimmed = models.BigIntegerField(default=0, db_default=0)
    # When the last of what is checkpointed was applied.
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["destination", "subject"], name="stream_once"),
            # One constraint and no positive fields, because PostgreSQL reads each constraint anew
            # for every statement that writes, which took a good part of the time of posting.
            models.CheckConstraint(
                condition=Q(
                    trimmed__gte=0,
                    trimmed__lte=models.F("checkpointed"),
                    checkpointed__lt=models.F("head"),
                    head__lte=models.F("posted") + 1,
                ),
                name="stream_numbers_in_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="stream_unchecked", condition=Q(is_checkpointed=False)
            ),
            models.Index(
                fields=["settled_at"],
                name="stream_untrimmed",
                condition=Q(is_checkpointed=True, trimmed__lt=models.F("checkpointed")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.destination} {self.subject}"


class BalanceCheckpoint(models.Model):
    """The counts of a destination's complete hand-offs, which the equation need not count again.

    It grows by hand-offs in the order of their stream, after a check that each is there and either
    applied with its receipt or discarded. `attempts` is the sum of theirs.
    """

    destination = models.CharField(max_length=20, choices=Destination.choices, primary_key=True)
    posted = models.PositiveBigIntegerField()
    applied = models.PositiveBigIntegerField()
    attempts = models.PositiveBigIntegerField()

    class Meta:
        db_table = "handoff_balance_checkpoint"

    def __str__(self) -> str:
        return f"balance checkpoint of {self.destination}"


class Handoff(models.Model):
    """One event on its way to one destination."""

    # No indexes of their own: the unique constraint finds a stream's hand-offs, and nothing looks
    # for those of one person.
    stream = models.ForeignKey(
        Stream, on_delete=models.PROTECT, related_name="handoffs", db_index=False
    )
    sequence = models.BigIntegerField()
    destination = models.CharField(max_length=20, choices=Destination.choices)
    subject = models.CharField(max_length=40)
    contract = models.CharField(max_length=60)
    contract_version = models.SmallIntegerField(default=1)
    payload = models.JSONField()
    is_sealed = models.BooleanField(default=False)
    state = models.CharField(
        max_length=12, choices=HandoffState.choices, default=HandoffState.WAITING
    )
    is_head = models.BooleanField(default=False)
    attempts = models.SmallIntegerField(default=0)
    # Attempts before the last replay do not count towards the limit.
    attempts_forgiven = models.SmallIntegerField(default=0)
    # When the sweeper notifies again: after the fresh seconds, the lease, or the backoff.
    due_at = models.DateTimeField()
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    delivered_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    returned_at = models.DateTimeField(null=True)
    # Since when workers leave it to a newer version, because they do not know its contract.
    left_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    # Which transaction posted it, as in the audit entries of the same action.
    transaction_id = models.BigIntegerField(db_default=TransactionId(), editable=False)

    # Whether it may be applied without a claim. Set by `applying.apply` alone.
    is_fresh = False

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "sequence"], name="handoff_in_its_place"),
            models.CheckConstraint(
                condition=Q(
                    Q(state="applied", delivered_at__isnull=False)
                    | (~Q(state="applied") & Q(delivered_at__isnull=True)),
                    sequence__gte=1,
                    attempts_forgiven__gte=0,
                    attempts_forgiven__lte=models.F("attempts"),
                ),
                name="handoff_holds_together",
            ),
        ]
        indexes = [
            # Claimable hand-offs in the order in which they are due.
            models.Index(
                fields=["destination", "due_at"],
                name="handoff_claimable",
                condition=Q(state="waiting", is_head=True),
            ),
            models.Index(fields=["subject", "posted_at"], name="handoff_by_subject"),
            # Hand-offs that are not applied. Its first column is not one that claims filter by:
            # else PostgreSQL, with statistics from when nothing waited, would claim by this index
            # and read a whole backlog.
            models.Index(
                fields=["state", "destination"],
                name="handoff_undelivered",
                condition=Q(delivered_at__isnull=True),
            ),
            # The dashboard's counts and clocks of a range, read from the index alone.
            models.Index(
                fields=["posted_at", "id"],
                include=["destination", "contract", "state", "delivered_at", "accepted_at"],
                name="handoff_by_time",
            ),
        ]
        triggers = marks(
            "handoffs",
            "posted_at",
            watched=["destination", "contract", "delivered_at", "accepted_at"],
        )

    def __str__(self) -> str:
        return f"{self.contract} {self.subject} → {self.destination}"


class Intervention(models.Model):
    """A replay or discard of a dead hand-off by an operator, with the reason."""

    class Kind(models.TextChoices):
        """What the operator did."""

        REPLAYED = "replayed", _("Replayed")
        DISCARDED = "discarded", _("Discarded")

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="interventions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.handoff_id} {self.kind}"


class StuckReport(models.Model):
    """A hand-off that was reported as stuck, which happens once."""

    handoff = models.OneToOneField(
        Handoff, primary_key=True, on_delete=models.PROTECT, related_name="+"
    )
    reported_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "handoff_stuck_report"

    def __str__(self) -> str:
        return f"{self.handoff_id} stuck"


class HandoffReceipt(models.Model):
    """The proof that a hand-off was applied: inserted in the transaction of its effect, once."""

    handoff = models.OneToOneField(
        Handoff, primary_key=True, on_delete=models.PROTECT, related_name="receipt"
    )
    attempt = models.SmallIntegerField()
    applied_at = models.DateTimeField()
    # Which transaction applied it, as in the audit entries of its consumer; null in old receipts.
    transaction_id = models.BigIntegerField(null=True, db_default=TransactionId(), editable=False)

    class Meta:
        db_table = "handoff_receipt"

    def __str__(self) -> str:
        return f"receipt of {self.handoff_id}"


class Heartbeat(models.Model):
    """The time of the sweeper's last heartbeat, by PostgreSQL's clock."""

    name = models.CharField(max_length=60, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Counter(models.Model):
    """How often something happened since the office was set up (`monitoring.counters`)."""

    name = models.CharField(max_length=60, primary_key=True)
    value = models.PositiveBigIntegerField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
