"""The tables of hand-offs. docs/handoff.md tells how they are used."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
    # Not a department: what leaves the office as e-mail (officeflow.mail).
    MAIL = "mail", _("Mail")


class HandoffState(State):
    """Every hand-off is in exactly one of these; `waiting` includes being applied just now."""

    WAITING = "waiting", "progress", _("Waiting")
    APPLIED = "applied", "good", _("Applied")
    DEAD = "dead", "bad", _("Dead")
    DISCARDED = "discarded", "neutral", _("Discarded")


class Stream(models.Model):
    """The line in which hand-offs about one subject queue for one destination.

    `posted` counts every hand-off ever posted to it; only the one whose sequence is `head`
    may be claimed. Locked while posting and while the head moves. Its first
    `checkpointed` are in the destination's `BalanceCheckpoint`, and of its first `trimmed` only
    those are kept that others need.
    """

    destination = models.CharField(max_length=20, choices=Destination.choices)
    subject = models.CharField(max_length=40)
    posted = models.BigIntegerField(default=0)
    head = models.BigIntegerField(default=1)
    checkpointed = models.BigIntegerField(default=0, db_default=0)
    # That everything posted is in the checkpoint. The database says so itself, whoever posts; a
    # column of its own, so that an index of the others need not change with each hand-off.
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
            # One for all, and no positive fields: PostgreSQL reads each check anew for every
            # statement that writes, which was a good part of what posting took.
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
    """What is known of a destination's hand-offs without counting them again.

    It grows by the hand-offs at the beginning of a stream that were looked at one by one: all are
    there, each applied with its receipt or discarded. `attempts` are those of them all.
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

    # Found by its place in the stream; nobody is ever looked for by who posted or accepted.
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
    # When the sweeper looks at it: fresh for a moment, then leased, then backing off.
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
    # Since when workers leave it to a newer version of themselves, which knows its contract.
    left_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    # Which transaction posted it, as in the audit entries of the same action.
    transaction_id = models.BigIntegerField(db_default=TransactionId(), editable=False)

    # Whether it may be applied without a claim; known only of one that a worker has just found.
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
            # What may be claimed, in the order in which it is due.
            models.Index(
                fields=["destination", "due_at"],
                name="handoff_claimable",
                condition=Q(state="waiting", is_head=True),
            ),
            models.Index(fields=["subject", "posted_at"], name="handoff_by_subject"),
            # What is not applied. It asks for another column than what claims and applies ask by:
            # with statistics of a moment at which nothing waited, they would read a backlog here.
            models.Index(
                fields=["state", "destination"],
                name="handoff_undelivered",
                condition=Q(delivered_at__isnull=True),
            ),
            # The dashboard's counts and clocks of any range, read from the index alone.
            models.Index(
                fields=["posted_at", "id"],
                include=["destination", "contract", "state", "delivered_at", "accepted_at"],
                name="handoff_by_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.subject} → {self.destination}"


class Intervention(models.Model):
    """That an operator sent a dead hand-off again or set it aside, and why."""

    class Kind(models.TextChoices):
        """What was done."""

        REPLAYED = "replayed", _("Replayed")
        DISCARDED = "discarded", _("Discarded")

    handoff = models.ForeignKey(Handoff, on_delete=models.PROTECT, related_name="interventions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.handoff_id} {self.kind}"


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
    """When a sweeper was last known to live, by PostgreSQL's clock."""

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
