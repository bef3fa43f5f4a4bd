from django.db import migrations

# The corridor's clock is PostgreSQL's. A transaction may move it for itself alone
# (SET LOCAL officeflow.moved_clock), which is how the demo company lives through its past.
CREATE = """
CREATE FUNCTION office_clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(
        nullif(current_setting('officeflow.moved_clock', true), '')::timestamptz,
        clock_timestamp()
    )
$$
"""


class Migration(migrations.Migration):
    dependencies = [("handoff", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION office_clock()")]
