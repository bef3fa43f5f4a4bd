import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

from officeflow.numbering import create_sequence


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_initial"),
        ("company", "0001_initial"),
        ("staff", "__first__"),
    ]

    operations = [
        TrigramExtension(),
        create_sequence("CU"),
        create_sequence("SO"),
        create_sequence("CP"),
        create_sequence("PY"),
        migrations.CreateModel(
            name="ComplaintRoute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("goods", "Goods"),
                            ("billing", "Billing"),
                            ("conduct", "Conduct of a colleague"),
                            ("service", "Service"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        unique=True,
                        verbose_name="category",
                    ),
                ),
                (
                    "destination",
                    models.CharField(
                        choices=[
                            ("fulfilment", "Fulfilment"),
                            ("accounting", "Accounting"),
                            ("hr", "HR"),
                            ("management", "Management"),
                            ("warehouse", "Warehouse"),
                            ("frontdesk", "Front desk"),
                        ],
                        max_length=20,
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("destination", "frontdesk"), _negated=True),
                        name="route_leads_to_the_back",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category", "conduct"), ("destination", "hr")),
                            models.Q(
                                models.Q(("category", "conduct"), _negated=True),
                                models.Q(("destination", "hr"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="route_conduct_to_hr",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        editable=False, max_length=20, unique=True, verbose_name="number"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("name_key", models.CharField(editable=False, max_length=200)),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone")),
                ("phone_key", models.CharField(blank=True, editable=False, max_length=40)),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("email_key", models.CharField(blank=True, editable=False, max_length=254)),
                ("address", models.TextField(blank=True, verbose_name="address")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["name_key"], name="customer_name_like", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["name_key", "id"], name="customer_by_name"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["phone_key"], name="customer_phone_like", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["email_key"], name="customer_email_like", opclasses=["gin_trgm_ops"]
                    ),
                    models.Index(fields=["email_key"], name="customer_by_email"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="customer_has_a_name"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        editable=False, max_length=20, unique=True, verbose_name="number"
                    ),
                ),
                ("ordered_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("quotation", "Quotation"),
                            ("placed", "Placed"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="placed",
                        max_length=12,
                    ),
                ),
                (
                    "fulfilment_state",
                    models.CharField(
                        choices=[
                            ("none", "No goods"),
                            ("waiting", "Waiting"),
                            ("in_progress", "In progress"),
                            ("backordered", "Backordered"),
                            ("ready", "Ready for pick-up"),
                            ("shipped", "Shipped"),
                            ("handed_over", "Handed over"),
                            ("exception", "Exception"),
                        ],
                        default="none",
                        max_length=12,
                    ),
                ),
                (
                    "billing_state",
                    models.CharField(
                        choices=[
                            ("none", "Not billed"),
                            ("invoiced", "Invoiced"),
                            ("part_paid", "Part paid"),
                            ("paid", "Paid"),
                            ("credited", "Credited"),
                            ("exception", "Exception"),
                        ],
                        default="none",
                        max_length=12,
                    ),
                ),
                (
                    "delivery",
                    models.CharField(
                        choices=[("pick_up", "Pick-up"), ("delivery", "Delivery")],
                        default="pick_up",
                        max_length=10,
                    ),
                ),
                ("delivery_address", models.TextField(blank=True)),
                ("wanted_by_date", models.DateField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                ("currency", models.CharField(max_length=3)),
                ("prices_include_tax", models.BooleanField()),
                ("net", models.DecimalField(decimal_places=4, max_digits=18)),
                ("tax", models.DecimalField(decimal_places=4, max_digits=18)),
                ("gross", models.DecimalField(decimal_places=4, max_digits=18)),
                ("paid", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("invoice_number", models.CharField(blank=True, max_length=20)),
                ("credit_note_number", models.CharField(blank=True, max_length=20)),
                ("cancel_reason", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="orders",
                        to="frontdesk.customer",
                    ),
                ),
                (
                    "placed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="company.site",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-ordered_at", "-id"], name="order_by_day"),
                    models.Index(fields=["customer", "-id"], name="order_by_customer"),
                    models.Index(fields=["-changed_at"], name="order_by_change"),
                    models.Index(
                        condition=models.Q(("invoice_number", ""), _negated=True),
                        fields=["invoice_number"],
                        name="order_by_invoice",
                    ),
                    models.Index(
                        condition=models.Q(("credit_note_number", ""), _negated=True),
                        fields=["credit_note_number"],
                        name="order_by_credit_note",
                    ),
                    models.Index(
                        condition=models.Q(("state", "placed")),
                        fields=["fulfilment_state", "id"],
                        name="order_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "gross",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net"), "+", models.F("tax")
                                ),
                            )
                        ),
                        name="order_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("paid__gte", 0)), name="order_paid_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("delivery", "delivery"), _negated=True),
                            models.Q(("delivery_address", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="order_delivery_has_address",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("sku", models.CharField(max_length=40)),
                ("description", models.CharField(max_length=200)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("piece", "piece"),
                            ("kg", "kg"),
                            ("m", "m"),
                            ("l", "l"),
                            ("h", "hour"),
                        ],
                        max_length=10,
                    ),
                ),
                ("quantity", models.DecimalField(decimal_places=3, max_digits=14)),
                ("unit_price", models.DecimalField(decimal_places=4, max_digits=18)),
                (
                    "discount_percent",
                    models.DecimalField(decimal_places=2, default=0, max_digits=5),
                ),
                ("tax_rate", models.DecimalField(decimal_places=4, max_digits=7)),
                ("net", models.DecimalField(decimal_places=4, max_digits=18)),
                ("tax", models.DecimalField(decimal_places=4, max_digits=18)),
                ("gross", models.DecimalField(decimal_places=4, max_digits=18)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="frontdesk.order",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.product",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "position"), name="order_line_in_its_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="order_line_quantity"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit_price__gte", 0)), name="order_line_price"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("discount_percent__gte", 0), ("discount_percent__lte", 100)
                        ),
                        name="order_line_discount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "gross",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net"), "+", models.F("tax")
                                ),
                            )
                        ),
                        name="order_line_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.CharField(
                        editable=False, max_length=20, unique=True, verbose_name="number"
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("goods", "Goods"),
                            ("billing", "Billing"),
                            ("conduct", "Conduct of a colleague"),
                            ("service", "Service"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="category",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        choices=[("low", "Low"), ("normal", "Normal"), ("high", "High")],
                        default="normal",
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="what happened")),
                (
                    "desired_outcome",
                    models.TextField(blank=True, verbose_name="what the customer wants"),
                ),
                ("is_sealed", models.BooleanField(default=False)),
                (
                    "destination",
                    models.CharField(
                        choices=[
                            ("fulfilment", "Fulfilment"),
                            ("accounting", "Accounting"),
                            ("hr", "HR"),
                            ("management", "Management"),
                            ("warehouse", "Warehouse"),
                            ("frontdesk", "Front desk"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("logged", "Logged"),
                            ("in_hand", "In hand"),
                            ("resolved", "Customer to be told"),
                            ("confirmed", "Confirmed"),
                            ("reopened", "Reopened"),
                        ],
                        default="logged",
                        max_length=12,
                    ),
                ),
                ("logged_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("upheld", "Upheld: the customer is right"),
                            ("partly_upheld", "Partly upheld"),
                            ("not_upheld", "Not upheld"),
                            ("goodwill", "Goodwill: no fault, but something is given"),
                        ],
                        max_length=20,
                    ),
                ),
                ("message", models.TextField(blank=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolved_by_name", models.CharField(blank=True, max_length=150)),
                ("changed_at", models.DateTimeField(auto_now=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "logged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.product",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="company.site",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="frontdesk.customer",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="complaints",
                        to="frontdesk.order",
                    ),
                ),
                (
                    "order_line",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="frontdesk.orderline",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["-logged_at", "-id"], name="complaint_by_day"),
                    models.Index(fields=["customer", "-id"], name="complaint_by_customer"),
                    models.Index(fields=["state", "id"], name="complaint_by_state"),
                    models.Index(fields=["-changed_at"], name="complaint_by_change"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_sealed", False),
                            models.Q(
                                ("description", ""),
                                ("desired_outcome", ""),
                                ("order__isnull", True),
                                ("order_line__isnull", True),
                                ("product__isnull", True),
                                ("severity", "normal"),
                            ),
                            _connector="OR",
                        ),
                        name="complaint_sealed_keeps_no_text",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("category", "conduct"), ("is_sealed", True)),
                            models.Q(
                                models.Q(("category", "conduct"), _negated=True),
                                ("is_sealed", False),
                            ),
                            _connector="OR",
                        ),
                        name="complaint_conduct_is_sealed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("quotation", "Quotation"),
                            ("placed", "Placed"),
                            ("completed", "Completed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="frontdesk.order",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("order",),
                        name="order_one_open_period",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=20, unique=True)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=18)),
                (
                    "method",
                    models.CharField(
                        choices=[("cash", "Cash"), ("card", "Card"), ("transfer", "Transfer")],
                        max_length=10,
                    ),
                ),
                ("taken_at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payments",
                        to="frontdesk.order",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="payment_is_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket_number", models.CharField(max_length=20)),
                ("subject", models.CharField(max_length=20)),
                ("department", models.CharField(max_length=20)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("information_missing", "Information is missing"),
                            ("out_of_stock", "Goods are not there"),
                            ("address_unclear", "Address is unclear"),
                            ("ask_customer", "The customer must decide"),
                            ("other", "Another reason"),
                        ],
                        max_length=30,
                    ),
                ),
                ("text", models.TextField()),
                ("asked_by_name", models.CharField(max_length=150)),
                ("asked_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="frontdesk.complaint",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="frontdesk.order",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["asked_at"],
                        name="question_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("ticket_number",),
                        name="question_one_open_a_ticket",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=20, unique=True)),
                ("amount", models.DecimalField(decimal_places=4, max_digits=18)),
                ("credit_note_number", models.CharField(max_length=20)),
                ("due_at", models.DateTimeField()),
                (
                    "method",
                    models.CharField(
                        blank=True,
                        choices=[("cash", "Cash"), ("card", "Card"), ("transfer", "Transfer")],
                        max_length=10,
                    ),
                ),
                ("paid_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="refunds",
                        to="frontdesk.order",
                    ),
                ),
                (
                    "paid_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("paid_at__isnull", True)),
                        fields=["due_at"],
                        name="refund_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="refund_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("method", ""), ("paid_at__isnull", True), ("paid_by__isnull", True)
                            ),
                            models.Q(
                                ("paid_at__isnull", False),
                                ("paid_by__isnull", False),
                                models.Q(("method", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="refund_paid_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintPeriod",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("logged", "Logged"),
                            ("in_hand", "In hand"),
                            ("resolved", "Customer to be told"),
                            ("confirmed", "Confirmed"),
                            ("reopened", "Reopened"),
                        ],
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="frontdesk.complaint",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("complaint",),
                        name="complaint_one_open_period",
                    )
                ],
            },
        ),
    ]
