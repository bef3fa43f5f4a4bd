"""Triggers that mark the roll-ups of what changes later."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("rollups", "0001_initial"),
        ("accounting", "0005_receivable_by_customer"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="invoices_inserted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.issued_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('invoices', NEW.issued_at); RETURN NULL;",
                    hash="8c0b62674b4498046f93d2e6b00801eac2b04f02",
                    operation="INSERT",
                    pgid="pgtrigger_invoices_inserted_35934",
                    table="accounting_invoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="invoices_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.issued_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('invoices', OLD.issued_at); RETURN NULL;",
                    hash="40c83d45de57433c58bff113f23bc65699219ed0",
                    operation="DELETE",
                    pgid="pgtrigger_invoices_deleted_69960",
                    table="accounting_invoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="invoice",
            trigger=pgtrigger.compiler.Trigger(
                name="invoices_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.issued_at < clock_timestamp() - interval '10 minutes' OR NEW.issued_at < clock_timestamp() - interval '10 minutes') AND (OLD.issued_at IS DISTINCT FROM NEW.issued_at))",
                    func="\n                IF OLD.issued_at IS NOT NULL THEN INSERT INTO rollups_mark (rollup, at) VALUES ('invoices', OLD.issued_at); END IF;\n                IF NEW.issued_at IS DISTINCT FROM OLD.issued_at AND NEW.issued_at IS NOT NULL THEN\n                    INSERT INTO rollups_mark (rollup, at) VALUES ('invoices', NEW.issued_at);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="596969e43c25a143aa5618c4b5b0036919ae6146",
                    operation="UPDATE",
                    pgid="pgtrigger_invoices_changed_f3a66",
                    table="accounting_invoice",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="postings_inserted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.booked_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('postings', NEW.booked_at); RETURN NULL;",
                    hash="27a7b25622222526f0f110a03c193a4b3e693201",
                    operation="INSERT",
                    pgid="pgtrigger_postings_inserted_fc564",
                    table="accounting_journalentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="postings_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.booked_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('postings', OLD.booked_at); RETURN NULL;",
                    hash="81f842ea8fd6d2f3e84ffb06575b0e99e898c278",
                    operation="DELETE",
                    pgid="pgtrigger_postings_deleted_e90ab",
                    table="accounting_journalentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="postings_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.booked_at < clock_timestamp() - interval '10 minutes' OR NEW.booked_at < clock_timestamp() - interval '10 minutes') AND (OLD.booked_at IS DISTINCT FROM NEW.booked_at))",
                    func="\n                IF OLD.booked_at IS NOT NULL THEN INSERT INTO rollups_mark (rollup, at) VALUES ('postings', OLD.booked_at); END IF;\n                IF NEW.booked_at IS DISTINCT FROM OLD.booked_at AND NEW.booked_at IS NOT NULL THEN\n                    INSERT INTO rollups_mark (rollup, at) VALUES ('postings', NEW.booked_at);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="28bd6f4a348e099fffcfaefdf615f66a97148474",
                    operation="UPDATE",
                    pgid="pgtrigger_postings_changed_4454e",
                    table="accounting_journalentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="receivable",
            trigger=pgtrigger.compiler.Trigger(
                name="invoices_of_others",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.gross IS DISTINCT FROM NEW.gross OR OLD.paid IS DISTINCT FROM NEW.paid OR OLD.refunded IS DISTINCT FROM NEW.refunded OR OLD.state IS DISTINCT FROM NEW.state)",
                    func="\n            INSERT INTO rollups_mark (rollup, at)\n            SELECT 'invoices', at FROM (SELECT issued_at AS at FROM accounting_invoice WHERE receivable_id = NEW.id AND kind = 'invoice') found WHERE at < clock_timestamp() - interval '10 minutes';\n            RETURN NULL;\n        ",
                    hash="b30cb9df67136650fce71f9ebf6ba3ac9fdba180",
                    operation="UPDATE",
                    pgid="pgtrigger_invoices_of_others_cf3dc",
                    table="accounting_receivable",
                    when="AFTER",
                ),
            ),
        ),
    ]
