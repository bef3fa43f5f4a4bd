import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import officeflow.transaction_id


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("action", models.CharField(max_length=60)),
                ("subject_kind", models.CharField(max_length=40)),
                ("subject", models.CharField(max_length=60)),
                (
                    "realm",
                    models.CharField(
                        choices=[("office", "Office"), ("hr", "Hr")],
                        default="office",
                        max_length=10,
                    ),
                ),
                ("changes", models.JSONField(default=dict)),
                (
                    "transaction_id",
                    models.BigIntegerField(
                        db_default=officeflow.transaction_id.TransactionId(), editable=False
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "indexes": [
                    models.Index(fields=["subject", "at"], name="audit_by_subject"),
                    models.Index(fields=["realm", "action", "-at"], name="audit_by_action"),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditentry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="ab24cb77a22d3160dc788fecde00a98236f14d09",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_6cfb3",
                    table="audit_auditentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditentry",
            trigger=pgtrigger.compiler.Trigger(
                name="no_truncate",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    IF current_setting('officeflow.allow_truncate', true) = 'test' THEN\n                        RETURN NULL;\n                    END IF;\n                    RAISE EXCEPTION 'the audit trail is append-only';\n                ",
                    hash="0fe3a8226bb15188820a19007c257575af2ddfa3",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_no_truncate_f9722",
                    table="audit_auditentry",
                    when="BEFORE",
                ),
            ),
        ),
    ]
