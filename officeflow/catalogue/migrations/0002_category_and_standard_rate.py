"""Shelves for products, and which tax rate new ones carry."""

import django.db.models.deletion
from django.db import migrations, models


def choose_standard(apps, schema_editor):
    """The rate that new products carried until now: the highest that is offered."""
    TaxRate = apps.get_model("catalogue", "TaxRate")
    highest = TaxRate.objects.filter(is_active=True).order_by("-rate", "code").first()
    if highest is not None:
        TaxRate.objects.filter(pk=highest.pk).update(is_standard=True)


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "verbose_name_plural": "categories",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="taxrate",
            name="is_standard",
            field=models.BooleanField(default=False, verbose_name="standard"),
        ),
        migrations.AddConstraint(
            model_name="taxrate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_standard", True)),
                fields=("is_standard",),
                name="one_standard_tax_rate",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="category",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="products",
                to="catalogue.category",
            ),
        ),
        migrations.RunPython(choose_standard, migrations.RunPython.noop),
    ]
