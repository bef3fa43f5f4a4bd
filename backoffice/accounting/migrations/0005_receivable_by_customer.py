from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounting", "0004_documents_drawn_later"),
        ("company", "0003_second_factor_required"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="receivable",
            index=models.Index(
                condition=models.Q(("customer_number", ""), _negated=True),
                fields=["customer_number"],
                name="receivable_by_customer",
            ),
        ),
    ]
