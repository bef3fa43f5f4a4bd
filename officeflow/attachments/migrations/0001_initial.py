import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from officeflow.numbering import create_sequence


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        create_sequence("AT"),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(editable=False, max_length=20, unique=True)),
                ("holder_kind", models.CharField(max_length=20)),
                ("holder_number", models.CharField(max_length=40)),
                (
                    "realm",
                    models.CharField(
                        choices=[("office", "Office"), ("hr", "Hr")],
                        default="office",
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("image/jpeg", "JPEG picture"),
                            ("image/png", "PNG picture"),
                            ("image/webp", "WebP picture"),
                            ("application/pdf", "PDF document"),
                        ],
                        max_length=20,
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                ("sha256", models.CharField(max_length=64)),
                ("path", models.CharField(blank=True, max_length=100)),
                ("thumbnail_path", models.CharField(blank=True, max_length=100)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                ("removed_reason", models.CharField(blank=True, max_length=500)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "removed_by",
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
                    models.Index(
                        fields=["holder_kind", "holder_number", "id"], name="attachment_by_holder"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("holder_kind", "holder_number", "sha256"),
                        name="attachment_once_a_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("removed_at__isnull", True), models.Q(("path", ""), _negated=True)
                            ),
                            models.Q(
                                ("path", ""), ("removed_at__isnull", False), ("thumbnail_path", "")
                            ),
                            _connector="OR",
                        ),
                        name="attachment_removed_has_no_file",
                    ),
                ],
            },
        ),
    ]
