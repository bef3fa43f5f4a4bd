"""Triggers that mark the roll-ups of what changes later."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("rollups", "0001_initial"),
        ("handoff", "0007_find_several"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="handoff",
            trigger=pgtrigger.compiler.Trigger(
                name="handoffs_inserted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.posted_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('handoffs', NEW.posted_at); RETURN NULL;",
                    hash="9d61e1b1432940e6d09964e8528bfccc119493c8",
                    operation="INSERT",
                    pgid="pgtrigger_handoffs_inserted_fba7c",
                    table="handoff_handoff",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="handoff",
            trigger=pgtrigger.compiler.Trigger(
                name="handoffs_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.posted_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('handoffs', OLD.posted_at); RETURN NULL;",
                    hash="6dbaa62efdc669bb01ebe94293e3943fd455a124",
                    operation="DELETE",
                    pgid="pgtrigger_handoffs_deleted_8b32b",
                    table="handoff_handoff",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="handoff",
            trigger=pgtrigger.compiler.Trigger(
                name="handoffs_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.posted_at < clock_timestamp() - interval '10 minutes' OR NEW.posted_at < clock_timestamp() - interval '10 minutes') AND (OLD.posted_at IS DISTINCT FROM NEW.posted_at OR OLD.destination IS DISTINCT FROM NEW.destination OR OLD.contract IS DISTINCT FROM NEW.contract OR OLD.delivered_at IS DISTINCT FROM NEW.delivered_at OR OLD.accepted_at IS DISTINCT FROM NEW.accepted_at))",
                    func="\n                IF OLD.posted_at IS NOT NULL THEN INSERT INTO rollups_mark (rollup, at) VALUES ('handoffs', OLD.posted_at); END IF;\n                IF NEW.posted_at IS DISTINCT FROM OLD.posted_at AND NEW.posted_at IS NOT NULL THEN\n                    INSERT INTO rollups_mark (rollup, at) VALUES ('handoffs', NEW.posted_at);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="1135836f24626b7855b1853b62f93bffc8920ded",
                    operation="UPDATE",
                    pgid="pgtrigger_handoffs_changed_ec183",
                    table="handoff_handoff",
                    when="AFTER",
                ),
            ),
        ),
    ]
