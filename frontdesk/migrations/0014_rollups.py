"""Triggers that mark the roll-ups of what changes later."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("rollups", "0001_initial"),
        ("frontdesk", "0013_quick_counter"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="orders_inserted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.ordered_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('orders', NEW.ordered_at); RETURN NULL;",
                    hash="c338f465d1d4bc9dfaf3560a6bf518d0133d60c4",
                    operation="INSERT",
                    pgid="pgtrigger_orders_inserted_3896d",
                    table="frontdesk_order",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="orders_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.ordered_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('orders', OLD.ordered_at); RETURN NULL;",
                    hash="6e4c4fe27d3e6d671ed89af5f83ddaac9ccd7928",
                    operation="DELETE",
                    pgid="pgtrigger_orders_deleted_9634a",
                    table="frontdesk_order",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="order",
            trigger=pgtrigger.compiler.Trigger(
                name="orders_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.ordered_at < clock_timestamp() - interval '10 minutes' OR NEW.ordered_at < clock_timestamp() - interval '10 minutes') AND (OLD.ordered_at IS DISTINCT FROM NEW.ordered_at OR (OLD.state = 'cancelled') IS DISTINCT FROM (NEW.state = 'cancelled') OR OLD.currency IS DISTINCT FROM NEW.currency OR OLD.net IS DISTINCT FROM NEW.net OR OLD.tax IS DISTINCT FROM NEW.tax OR OLD.placed_by_id IS DISTINCT FROM NEW.placed_by_id))",
                    func="\n                IF OLD.ordered_at IS NOT NULL THEN INSERT INTO rollups_mark (rollup, at) VALUES ('orders', OLD.ordered_at); END IF;\n                IF NEW.ordered_at IS DISTINCT FROM OLD.ordered_at AND NEW.ordered_at IS NOT NULL THEN\n                    INSERT INTO rollups_mark (rollup, at) VALUES ('orders', NEW.ordered_at);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="18a6caa71af46ac75620e312d2b29a937f62a225",
                    operation="UPDATE",
                    pgid="pgtrigger_orders_changed_a8b94",
                    table="frontdesk_order",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orderline",
            trigger=pgtrigger.compiler.Trigger(
                name="orders_of_others",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            INSERT INTO rollups_mark (rollup, at)\n            SELECT 'orders', at FROM (SELECT ordered_at AS at FROM frontdesk_order WHERE id = OLD.order_id) found WHERE at < clock_timestamp() - interval '10 minutes';\n            RETURN NULL;\n        ",
                    hash="6f0c4d27b731ed91dc7d3d3486ce7c9ffc41fc6f",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_orders_of_others_0bcd4",
                    table="frontdesk_orderline",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payment",
            trigger=pgtrigger.compiler.Trigger(
                name="payments_inserted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.taken_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('payments', NEW.taken_at); RETURN NULL;",
                    hash="a93de62d6c6568aaf9b72944ca4bc966830f621a",
                    operation="INSERT",
                    pgid="pgtrigger_payments_inserted_b2800",
                    table="frontdesk_payment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payment",
            trigger=pgtrigger.compiler.Trigger(
                name="payments_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.taken_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('payments', OLD.taken_at); RETURN NULL;",
                    hash="138cdb28c57da0397dcb48edb1d07d351ec07a08",
                    operation="DELETE",
                    pgid="pgtrigger_payments_deleted_598eb",
                    table="frontdesk_payment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payment",
            trigger=pgtrigger.compiler.Trigger(
                name="payments_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.taken_at < clock_timestamp() - interval '10 minutes' OR NEW.taken_at < clock_timestamp() - interval '10 minutes') AND (OLD.taken_at IS DISTINCT FROM NEW.taken_at OR OLD.method IS DISTINCT FROM NEW.method OR OLD.method_label IS DISTINCT FROM NEW.method_label OR OLD.amount IS DISTINCT FROM NEW.amount))",
                    func="\n                IF OLD.taken_at IS NOT NULL THEN INSERT INTO rollups_mark (rollup, at) VALUES ('payments', OLD.taken_at); END IF;\n                IF NEW.taken_at IS DISTINCT FROM OLD.taken_at AND NEW.taken_at IS NOT NULL THEN\n                    INSERT INTO rollups_mark (rollup, at) VALUES ('payments', NEW.taken_at);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="67f49e98d933140246d533db0adfa3ae1268150e",
                    operation="UPDATE",
                    pgid="pgtrigger_payments_changed_8ff1d",
                    table="frontdesk_payment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="refund",
            trigger=pgtrigger.compiler.Trigger(
                name="refunds_inserted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.paid_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('refunds', NEW.paid_at); RETURN NULL;",
                    hash="5e5cf47796f1f213efab8d3ed2f8467a2a69ecec",
                    operation="INSERT",
                    pgid="pgtrigger_refunds_inserted_c1d77",
                    table="frontdesk_refund",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="refund",
            trigger=pgtrigger.compiler.Trigger(
                name="refunds_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.paid_at < clock_timestamp() - interval '10 minutes')",
                    func="INSERT INTO rollups_mark (rollup, at) VALUES ('refunds', OLD.paid_at); RETURN NULL;",
                    hash="fc86ea41f42aa205a07b285042e95cc98e287fa7",
                    operation="DELETE",
                    pgid="pgtrigger_refunds_deleted_fc101",
                    table="frontdesk_refund",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="refund",
            trigger=pgtrigger.compiler.Trigger(
                name="refunds_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN ((OLD.paid_at < clock_timestamp() - interval '10 minutes' OR NEW.paid_at < clock_timestamp() - interval '10 minutes') AND (OLD.paid_at IS DISTINCT FROM NEW.paid_at OR OLD.method IS DISTINCT FROM NEW.method OR OLD.method_label IS DISTINCT FROM NEW.method_label OR OLD.amount IS DISTINCT FROM NEW.amount))",
                    func="\n                IF OLD.paid_at IS NOT NULL THEN INSERT INTO rollups_mark (rollup, at) VALUES ('refunds', OLD.paid_at); END IF;\n                IF NEW.paid_at IS DISTINCT FROM OLD.paid_at AND NEW.paid_at IS NOT NULL THEN\n                    INSERT INTO rollups_mark (rollup, at) VALUES ('refunds', NEW.paid_at);\n                END IF;\n                RETURN NULL;\n            ",
                    hash="e2ffcfcc641403d57ab3aa4f10b23a08c6e487d7",
                    operation="UPDATE",
                    pgid="pgtrigger_refunds_changed_885e4",
                    table="frontdesk_refund",
                    when="AFTER",
                ),
            ),
        ),
    ]
