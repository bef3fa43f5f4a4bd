from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("handoff", "0011_fewer_checks")]

    operations = [
        ValidateConstraint("handoff", "handoff_holds_together"),
        ValidateConstraint("stream", "stream_numbers_in_order"),
    ]
