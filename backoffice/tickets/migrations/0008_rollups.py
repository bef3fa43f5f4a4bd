"""Triggers that mark the roll-ups of what changes later."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("rollups", "0001_initial"),
        ("tickets", "0007_quick_queue"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="tickets_opened_inserted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.created_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('tickets opened', NEW.created_at); RETURN NULL;",
                    hash="819f4c1433303d30abf5e1688fcef81d9e5a1395",
                    operation="INSERT",
                    pgid="pgtrigger_tickets_opened_inserted_f564c",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="tickets_opened_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.created_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('tickets opened', OLD.created_at); RETURN NULL;",
                    hash="04cdf5db8aeba97107a8971a6d3a56070c7c5609",
                    operation="DELETE",
                    pgid="pgtrigger_tickets_opened_deleted_45dee",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="tickets_opened_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.created_at < clock_timestamp() - interval '10 minutes' OR NEW.created_at < clock_timestamp() - interval '10 minutes') AND (OLD.created_at IS DISTINCT FROM NEW.created_at OR OLD.department IS DISTINCT FROM NEW.department OR OLD.state IS DISTINCT FROM NEW.state))",
                    func="\n                IF OLD.created_at IS NOT NULL THEN INSERT INTO rollups_mark (rollup, at) VALUES ('tickets opened', OLD.created_at); END IF;\n                IF NEW.created_at IS DISTINCT FROM OLD.created_at AND NEW.created_at IS NOT NULL THEN\n                    INSERT INTO rollups_mark (rollup, at) VALUES ('tickets opened', NEW.created_at);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="d7f0cecadf149cf5be14ec455c98ad207c0b8f1f",
                    operation="UPDATE",
                    pgid="pgtrigger_tickets_opened_changed_a5f4f",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="tickets_closed_inserted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.closed_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('tickets closed', NEW.closed_at); RETURN NULL;",
                    hash="ad0dcd2cf5d4350de67777c7fbeb0888f893e6a9",
                    operation="INSERT",
                    pgid="pgtrigger_tickets_closed_inserted_77317",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="tickets_closed_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.closed_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('tickets closed', OLD.closed_at); RETURN NULL;",
                    hash="629f49633ea15f0dd012b5be5497554cd9684ed5",
                    operation="DELETE",
                    pgid="pgtrigger_tickets_closed_deleted_1b330",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="tickets_closed_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.closed_at < clock_timestamp() - interval '10 minutes' OR NEW.closed_at < clock_timestamp() - interval '10 minutes') AND (OLD.closed_at IS DISTINCT FROM NEW.closed_at OR OLD.department IS DISTINCT FROM NEW.department OR OLD.due_at IS DISTINCT FROM NEW.due_at))",
                    func="\n                IF OLD.closed_at IS NOT NULL THEN INSERT INTO rollups_mark (rollup, at) VALUES ('tickets closed', OLD.closed_at); END IF;\n                IF NEW.closed_at IS DISTINCT FROM OLD.closed_at AND NEW.closed_at IS NOT NULL THEN\n                    INSERT INTO rollups_mark (rollup, at) VALUES ('tickets closed', NEW.closed_at);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="53f9f4d04dd61dd1491ab7b6b7c8171b559a6984",
                    operation="UPDATE",
                    pgid="pgtrigger_tickets_closed_changed_02f0f",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="tickets_due_inserted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.due_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('tickets due', NEW.due_at); RETURN NULL;",
                    hash="55b29ad52bc970d6b4ba55ac06ec6530dce00f03",
                    operation="INSERT",
                    pgid="pgtrigger_tickets_due_inserted_b2cde",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="tickets_due_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.due_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('tickets due', OLD.due_at); RETURN NULL;",
                    hash="59c64c17ea7f1724bde69a63a7f3e3abd024935a",
                    operation="DELETE",
                    pgid="pgtrigger_tickets_due_deleted_ebcd4",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticket",
            trigger=pgtrigger.compiler.Trigger(
                name="tickets_due_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.due_at < clock_timestamp() - interval '10 minutes' OR NEW.due_at < clock_timestamp() - interval '10 minutes') AND (OLD.due_at IS DISTINCT FROM NEW.due_at OR OLD.department IS DISTINCT FROM NEW.department OR OLD.state IS DISTINCT FROM NEW.state OR OLD.is_promised IS DISTINCT FROM NEW.is_promised OR OLD.closed_at IS DISTINCT FROM NEW.closed_at))",
                    func="\n                IF OLD.due_at IS NOT NULL THEN INSERT INTO rollups_mark (rollup, at) VALUES ('tickets due', OLD.due_at); END IF;\n                IF NEW.due_at IS DISTINCT FROM OLD.due_at AND NEW.due_at IS NOT NULL THEN\n                    INSERT INTO rollups_mark (rollup, at) VALUES ('tickets due', NEW.due_at);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="62f4c25f4f1c8d05b519327b480f37e9c666afe6",
                    operation="UPDATE",
                    pgid="pgtrigger_tickets_due_changed_d498d",
                    table="tickets_ticket",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ticketquestion",
            trigger=pgtrigger.compiler.Trigger(
                name="tickets_opened_of_others",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            INSERT INTO rollups_mark (rollup, at)\n            SELECT 'tickets opened', at FROM (SELECT created_at AS at FROM tickets_ticket WHERE id = NEW.ticket_id) found WHERE at < clock_timestamp() - interval '10 minutes';\n            RETURN NULL;\n        ",
                    hash="4fc5fdd1d447b03860d2951fa084c1c348f7902c",
                    operation="INSERT",
                    pgid="pgtrigger_tickets_opened_of_others_b3afc",
                    table="tickets_ticketquestion",
                    when="AFTER",
                ),
            ),
        ),
    ]
