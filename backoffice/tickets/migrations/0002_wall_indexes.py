from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["created_at", "id"],
                include=("department", "closed_at"),
                name="ticket_by_arrival",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                fields=["due_at", "id"],
                include=("department", "state", "closed_at"),
                name="ticket_by_due_time",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", False)),
                fields=["closed_at", "id"],
                include=("department", "created_at"),
                name="ticket_by_end",
            ),
        ),
    ]
