import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import backoffice.accounting.models.journal
import officeflow.transaction_id
from officeflow.numbering import create_sequence


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("company", "0001_initial"),
        ("handoff", "0002_sql"),
    ]

    operations = [
        create_sequence("JE"),
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=10, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asset", "Asset"),
                            ("liability", "Liability"),
                            ("equity", "Equity"),
                            ("income", "Income"),
                            ("expense", "Expense"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "Invoice"), ("credit_note", "Credit note")],
                        max_length=12,
                    ),
                ),
                ("serial", models.PositiveIntegerField()),
                ("issued_date", models.DateField()),
                ("issued_at", models.DateTimeField()),
                ("seller_name", models.CharField(max_length=100)),
                ("seller_address", models.TextField(blank=True)),
                ("seller_phone", models.CharField(blank=True, default="", max_length=40)),
                ("seller_email", models.CharField(blank=True, default="", max_length=254)),
                ("seller_website", models.CharField(blank=True, default="", max_length=200)),
                ("seller_tax_number", models.CharField(blank=True, default="", max_length=40)),
                ("seller_note", models.TextField(blank=True, default="")),
                ("supplied_date", models.DateField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("prices_include_tax", models.BooleanField()),
                ("net", models.DecimalField(decimal_places=4, max_digits=18)),
                ("tax", models.DecimalField(decimal_places=4, max_digits=18)),
                ("gross", models.DecimalField(decimal_places=4, max_digits=18)),
                (
                    "transaction_id",
                    models.BigIntegerField(
                        db_default=officeflow.transaction_id.TransactionId(),
                        editable=False,
                    ),
                ),
                (
                    "handoff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="handoff.handoff",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="accounting.invoice",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kind", "-id"], name="invoice_by_kind")],
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
                        name="invoice_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "invoice"), ("reverses__isnull", True)),
                            models.Q(("kind", "credit_note"), ("reverses__isnull", False)),
                            _connector="OR",
                        ),
                        name="invoice_credit_note_reverses",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceLine",
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
                ("is_goods", models.BooleanField()),
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
                ("discount_percent", models.DecimalField(decimal_places=2, max_digits=5)),
                ("tax_rate", models.DecimalField(decimal_places=4, max_digits=7)),
                ("net", models.DecimalField(decimal_places=4, max_digits=18)),
                ("tax", models.DecimalField(decimal_places=4, max_digits=18)),
                ("gross", models.DecimalField(decimal_places=4, max_digits=18)),
                (
                    "invoice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="accounting.invoice",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("invoice", "position"), name="invoice_line_in_its_place"
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
                        name="invoice_line_adds_up",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
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
                        db_default=backoffice.accounting.models.journal.NextEntryNumber(),
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("booked_date", models.DateField()),
                ("booked_at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("invoice", "Invoice"),
                            ("payment", "Payment"),
                            ("credit_note", "Credit note"),
                            ("refund", "Refund"),
                            ("till_count", "Till count"),
                        ],
                        max_length=12,
                    ),
                ),
                ("document", models.CharField(max_length=20)),
                ("currency", models.CharField(max_length=3)),
                (
                    "transaction_id",
                    models.BigIntegerField(
                        db_default=officeflow.transaction_id.TransactionId(),
                        editable=False,
                    ),
                ),
                (
                    "handoff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="handoff.handoff",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="accounting.journalentry",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "journal entries",
                "indexes": [
                    models.Index(
                        fields=["document"],
                        name="journal_by_document",
                        opclasses=["varchar_pattern_ops"],
                    ),
                    models.Index(fields=["booked_date"], name="journal_by_date"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("series", models.CharField(max_length=5)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "number series",
                "constraints": [
                    models.UniqueConstraint(fields=("series", "year"), name="number_series_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="invoice",
            name="series",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="accounting.numberseries",
            ),
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("debit", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("credit", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="accounting.account",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="accounting.journalentry",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["account", "id"], name="posting_by_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("credit", 0), ("debit__gt", 0)),
                            models.Q(("credit__gt", 0), ("debit", 0)),
                            _connector="OR",
                        ),
                        name="posting_one_side",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Receivable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order_number", models.CharField(max_length=20, unique=True)),
                ("customer_number", models.CharField(blank=True, max_length=20)),
                ("customer_name", models.CharField(blank=True, max_length=200)),
                ("customer_address", models.TextField(blank=True, default="")),
                ("customer_key", models.CharField(blank=True, max_length=200)),
                ("currency", models.CharField(max_length=3)),
                ("gross", models.DecimalField(decimal_places=4, max_digits=18)),
                ("paid", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                ("refunded", models.DecimalField(decimal_places=4, default=0, max_digits=18)),
                (
                    "refund_promised",
                    models.DecimalField(decimal_places=4, default=0, max_digits=18),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("invoiced", "Invoiced"),
                            ("part_paid", "Part paid"),
                            ("paid", "Paid"),
                            ("credited", "Credited"),
                        ],
                        default="invoiced",
                        max_length=12,
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
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["customer_key"],
                        name="receivable_customer_like",
                        opclasses=["gin_trgm_ops"],
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("gross__gte", 0)), name="receivable_gross_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("paid__gte", 0)), name="receivable_paid_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refunded__gte", 0),
                            ("refund_promised__gte", 0),
                            (
                                "refunded__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("paid"), "-", models.F("refund_promised")
                                ),
                            ),
                        ),
                        name="receivable_refunds_within_paid",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MoneyMovement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(
                        choices=[("payment", "Payment"), ("refund", "Refund")], max_length=10
                    ),
                ),
                ("method", models.CharField(max_length=20)),
                ("method_label", models.CharField(blank=True, max_length=60)),
                (
                    "method_kind",
                    models.CharField(
                        blank=True,
                        choices=[("cash", "Cash"), ("card", "Card"), ("transfer", "Transfer")],
                        max_length=10,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=4, max_digits=18)),
                ("currency", models.CharField(max_length=3)),
                ("moved_at", models.DateTimeField()),
                (
                    "handoff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="handoff.handoff",
                    ),
                ),
                (
                    "receivable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="movements",
                        to="accounting.receivable",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "number"), name="movement_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="movement_is_positive"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="journalentry",
            name="receivable",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="accounting.receivable",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="receivable",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="documents",
                to="accounting.receivable",
            ),
        ),
        migrations.CreateModel(
            name="ReceivablePeriod",
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
                            ("invoiced", "Invoiced"),
                            ("part_paid", "Part paid"),
                            ("paid", "Paid"),
                            ("credited", "Credited"),
                        ],
                        max_length=12,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "receivable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="accounting.receivable",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("receivable",),
                        name="receivable_one_open_period",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("drawn_at", models.DateTimeField()),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file",
                        to="accounting.invoice",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sha256",
                                models.Func(
                                    models.Func(models.F("content"), function="sha256"),
                                    models.Value("hex"),
                                    function="encode",
                                ),
                            )
                        ),
                        name="accounting_documentfile_as_drawn",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="documentfile",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="47c220f66647349a583064683a243045357f5f68",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_5fdc6",
                    table="accounting_documentfile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="documentfile",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF current_setting('officeflow.allow_truncate', true) = 'test' THEN\n            RETURN NULL;\n        END IF;\n        RAISE EXCEPTION 'the books are append-only';\n    ",
                    hash="8c30932ab61899286d9b0fc42c86d5babffe361f",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_43501",
                    table="accounting_documentfile",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoiceline",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="e7d085ab6abfcc81898e129449c6afdbabdfa439",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_43b91",
                    table="accounting_invoiceline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoiceline",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF current_setting('officeflow.allow_truncate', true) = 'test' THEN\n            RETURN NULL;\n        END IF;\n        RAISE EXCEPTION 'the books are append-only';\n    ",
                    hash="f593778f7ebfbe9ae14279bf2c8be5bec52c0c1b",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_dbe8e",
                    table="accounting_invoiceline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoiceline",
            trigger=pgtrigger.compiler.Trigger(
                name="written_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (SELECT transaction_id FROM accounting_invoice WHERE id = NEW.invoice_id)\n                IS DISTINCT FROM txid_current() THEN\n                RAISE EXCEPTION 'nothing is added to % % once it is written',\n                    'accounting_invoice', NEW.invoice_id USING ERRCODE = '23514';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="da4acdefe861182aac7842412ea06e4eb9388814",
                    operation="INSERT",
                    pgid="pgtrigger_written_whole_2eca3",
                    table="accounting_invoiceline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="posting",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7e4cc961319da8a6206ed91c038c08046585c2c8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_6eb0c",
                    table="accounting_posting",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="posting",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF current_setting('officeflow.allow_truncate', true) = 'test' THEN\n            RETURN NULL;\n        END IF;\n        RAISE EXCEPTION 'the books are append-only';\n    ",
                    hash="ac7a8a27a61930fc60602d91bfa719eea60835ba",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_4ad76",
                    table="accounting_posting",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="posting",
            trigger=pgtrigger.compiler.Trigger(
                name="written_whole",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF (SELECT transaction_id FROM accounting_journalentry WHERE id = NEW.entry_id)\n                IS DISTINCT FROM txid_current() THEN\n                RAISE EXCEPTION 'nothing is added to % % once it is written',\n                    'accounting_journalentry', NEW.entry_id USING ERRCODE = '23514';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="a94701440c62e03ad648e111b8ed907cc0c14e98",
                    operation="INSERT",
                    pgid="pgtrigger_written_whole_b6da0",
                    table="accounting_posting",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="posting",
            trigger=pgtrigger.compiler.Trigger(
                name="entry_balances",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    declare="DECLARE difference numeric;",
                    func="\n                    SELECT sum(debit) - sum(credit) INTO difference\n                    FROM accounting_posting WHERE entry_id = NEW.entry_id;\n                    IF difference <> 0 THEN\n                        RAISE EXCEPTION 'journal entry % does not balance', NEW.entry_id\n                            USING ERRCODE = '23514';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="f56bbcd5c16382029d50ce8371863ae991c74852",
                    operation="INSERT",
                    pgid="pgtrigger_entry_balances_7fde4",
                    table="accounting_posting",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="moneymovement",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="51ac5a44887409172ae545624dbfa31b04e132a7",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_28c1b",
                    table="accounting_moneymovement",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="moneymovement",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF current_setting('officeflow.allow_truncate', true) = 'test' THEN\n            RETURN NULL;\n        END IF;\n        RAISE EXCEPTION 'the books are append-only';\n    ",
                    hash="b620d090e94370a85398a2efed5f7e200c939fcf",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_93cfa",
                    table="accounting_moneymovement",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("receivable__isnull", False), ("kind", "till_count"), _connector="OR"
                ),
                name="journal_entry_has_receivable",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="258a54ebd6d406e79a1a7eeed6f5f8066ba6daf6",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_e2268",
                    table="accounting_journalentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF current_setting('officeflow.allow_truncate', true) = 'test' THEN\n            RETURN NULL;\n        END IF;\n        RAISE EXCEPTION 'the books are append-only';\n    ",
                    hash="3dfe21a2fd4d1995ff223fa75427ee00f8e548ca",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_8b3fc",
                    table="accounting_journalentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="entry_has_postings",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n                    IF NOT EXISTS (SELECT FROM accounting_posting WHERE entry_id = NEW.id)\n                        AND NOT EXISTS (\n                            SELECT FROM accounting_invoice\n                            WHERE handoff_id = NEW.handoff_id AND gross = 0\n                        ) THEN\n                        RAISE EXCEPTION 'journal entry % has no postings', NEW.id\n                            USING ERRCODE = '23514';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="210efc3083254ca84077e9f6c08d033499168bb2",
                    operation="INSERT",
                    pgid="pgtrigger_entry_has_postings_5bfe2",
                    table="accounting_journalentry",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                fields=("series", "serial"), name="invoice_serial_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                fields=("receivable", "kind"), name="invoice_one_of_each_kind"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="973e5aa715be6f72887e974302d31f4513f0c0f1",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_never_changed_99924",
                    table="accounting_invoice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        IF current_setting('officeflow.allow_truncate', true) = 'test' THEN\n            RETURN NULL;\n        END IF;\n        RAISE EXCEPTION 'the books are append-only';\n    ",
                    hash="f80db9a19634af4552dce13d1f630755b9838bdb",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_d928a",
                    table="accounting_invoice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="lines_add_up",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    constraint="CONSTRAINT",
                    func="\n                    IF NOT EXISTS (\n                        SELECT FROM accounting_invoiceline WHERE invoice_id = NEW.id\n                        HAVING coalesce(sum(net), 0) = NEW.net\n                           AND coalesce(sum(tax), 0) = NEW.tax\n                           AND coalesce(sum(gross), 0) = NEW.gross\n                    ) THEN\n                        RAISE EXCEPTION 'the lines of % do not add up to it', NEW.number\n                            USING ERRCODE = '23514';\n                    END IF;\n                    RETURN NULL;\n                ",
                    hash="48b8664e9fc19b8428ad3903f2638bd84b4a89e3",
                    operation="INSERT",
                    pgid="pgtrigger_lines_add_up_925d2",
                    table="accounting_invoice",
                    timing="DEFERRABLE INITIALLY DEFERRED",
                    when="AFTER",
                ),
            ),
        ),
    ]
