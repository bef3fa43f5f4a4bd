from django.db import migrations


class Migration(migrations.Migration):
    """What was returned before reasons had a table of their own keeps the words of its day."""

    dependencies = [("tickets", "0003_comfort")]

    operations = [
        migrations.RunSQL(
            """
            UPDATE tickets_exchange SET reason_label = CASE reason
                WHEN 'information_missing' THEN 'Information is missing'
                WHEN 'out_of_stock' THEN 'Goods are not there'
                WHEN 'address_unclear' THEN 'Address is unclear'
                WHEN 'ask_customer' THEN 'The customer must decide'
                ELSE 'Another reason' END
            WHERE reason_label = ''
            """,
            migrations.RunSQL.noop,
        )
    ]
