# PostgreSQL writes `address_key` of every customer when it is added: about a second for 100,000 rows.

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("frontdesk", "0005_past_orders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeskNotification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asked", "A department asks a question"),
                            ("ready", "The goods are ready"),
                            ("answered", "A complaint was answered"),
                            ("refund_due", "A refund is due"),
                        ],
                        max_length=12,
                    ),
                ),
                ("subject", models.CharField(max_length=20)),
                ("ticket", models.CharField(blank=True, max_length=20)),
                ("by_name", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="customer",
            name="address_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    "address",
                    template="replace(translate(lower(regexp_replace(normalize(%(expressions)s, NFKD), '[\\u0300-\\u036f]', '', 'g')), 'øđðłħı', 'oddlhi'), 'ß', 'ss') || ' ' || regexp_replace(replace(translate(lower(regexp_replace(normalize(%(expressions)s, NFKD), '[\\u0300-\\u036f]', '', 'g')), 'øđðłħı', 'oddlhi'), 'ß', 'ss'), '\\s+', '', 'g')",
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="ready_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["address_key"], name="customer_address_like", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="desknotification",
            index=models.Index(fields=["person", "-at", "-id"], name="desk_notification_by_person"),
        ),
        migrations.AddIndex(
            model_name="desknotification",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["person"],
                name="desk_notification_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="desknotification",
            index=models.Index(
                condition=models.Q(("read_at__isnull", True)),
                fields=["subject"],
                name="desk_notification_unsettled",
            ),
        ),
    ]
