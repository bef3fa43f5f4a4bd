"""Times the dashboards' pages with a hundred thousand hand-offs and tickets.

    make bench ARGS='dashboards [rows]'

Fills a temporary office with 90 days of rows and prints for each page the median time of its
queries and of the whole answer, and the slowest query. The live parts are also requested while they
are unchanged.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from officeflow.local.pytest_plugin import start_engines, stop_engines

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
RUNS = 15
PAGES = [
    ("dashboard, today", "/dashboards/handoffs/?range=today"),
    ("dashboard, 7 days", "/dashboards/handoffs/?range=7"),
    ("dashboard, 30 days", "/dashboards/handoffs/?range=30"),
    ("dashboard, 90 days", "/dashboards/handoffs/?range=90"),
    ("trade, 30 days", "/dashboards/trade/?range=30"),
    ("trade, 90 days", "/dashboards/trade/?range=90"),
    ("hand-offs, all", "/dashboards/handoffs/all/"),
    ("hand-offs, to HR", "/dashboards/handoffs/all/?destination=hr"),
    ("tickets, late", "/dashboards/tickets/?late=1"),
    ("orders", "/dashboards/trade/orders/"),
]
LIVE = [
    ("live part, unchanged", "/dashboards/handoffs/live/"),
    ("live figures, unchanged", "/dashboards/handoffs/figures/?range=30"),
]

FILL = """
SET session_replication_role = replica;  -- switches triggers off

DO $$  -- columns that the pages do not read get a default
DECLARE c record;
BEGIN
    FOR c IN SELECT table_name, column_name, data_type FROM information_schema.columns
        WHERE table_name IN ('handoff_handoff', 'tickets_ticket', 'tickets_ticketquestion',
            'frontdesk_order', 'frontdesk_orderline', 'frontdesk_payment', 'accounting_receivable')
        AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'
        AND is_generated = 'NEVER'
    LOOP
        EXECUTE format('ALTER TABLE %%I ALTER %%I SET DEFAULT %%s', c.table_name, c.column_name,
            CASE WHEN c.data_type LIKE '%%char%%' OR c.data_type = 'text' THEN quote_literal('')
                 WHEN c.data_type = 'boolean' THEN 'false'
                 WHEN c.data_type = 'jsonb' THEN quote_literal('{}')
                 WHEN c.data_type LIKE 'timestamp%%' THEN 'now()' ELSE '0' END);
    END LOOP;
END $$;

CREATE TEMP TABLE day AS SELECT n,
    now() - (random() * interval '90 days') AS at,
    (ARRAY['fulfilment', 'accounting', 'hr', 'management', 'frontdesk'])[1 + n %% 5] AS place
FROM generate_series(1, %(rows)s) n;

INSERT INTO handoff_stream (id, destination, subject, posted, head, checkpointed, settled_at)
SELECT n, place, 'SO-' || lpad(n::text, 6, '0'), 1, 2, 1, at FROM day;
INSERT INTO handoff_balance_checkpoint (destination, posted, applied, attempts)
SELECT place, count(*), count(*), count(*) FROM day GROUP BY place;
INSERT INTO handoff_handoff (id, stream_id, sequence, destination, subject, contract,
    contract_version, payload, is_sealed, state, is_head, attempts, attempts_forgiven, due_at,
    posted_at, delivered_at, accepted_at, last_error)
SELECT n, n, 1, place, 'SO-' || lpad(n::text, 6, '0'),
    CASE WHEN n %% 20 = 0 THEN 'ComplaintRaised' ELSE 'OrderPlaced' END, 1,
    jsonb_build_object('text', repeat('what was ordered ', 40)), false, 'applied', false, 1, 0, at,
    at, at + random() * interval '2 seconds',
    CASE WHEN place <> 'frontdesk' THEN at + random() * interval '9 hours' END, ''
FROM day;
INSERT INTO handoff_receipt (handoff_id, attempt, applied_at) SELECT n, 1, at FROM day;

INSERT INTO tickets_ticket (number, site_id, department, kind, handoff_id, subject, title, details,
    customer_number, customer_name, state, assignee_id, due_at, created_at, closed_at, changed_at,
    version, priority, is_promised)
SELECT 'TK-' || lpad(n::text, 6, '0'), %(site)s,
    CASE WHEN place = 'frontdesk' THEN 'warehouse' ELSE place END, 'order', n,
    'SO-' || lpad(n::text, 6, '0'), 'Two mugs', '', '', 'Nora',
    CASE WHEN n %% 100 = 0 THEN 'taken' ELSE 'completed' END, %(person)s,
    at + interval '1 day', at,
    CASE WHEN n %% 100 <> 0 THEN at + random() * interval '28 hours' END, at, 1, 'normal', false
FROM day;
INSERT INTO tickets_ticketquestion (ticket_id, reason, reason_label, question, asked_by_id,
    asked_at, answer, answered_by_name, answered_at)
SELECT id, (ARRAY['out_of_stock', 'other', 'ask_customer'])[1 + id %% 3], 'Reason ' || id %% 3,
    'Which?', %(person)s, created_at, 'Blue', 'Rita', created_at
FROM tickets_ticket WHERE id %% 12 = 0;

INSERT INTO frontdesk_order (number, site_id, placed_by_id, ordered_at, state, fulfilment_state,
    billing_state, delivery, delivery_address, note, currency, prices_include_tax, net, tax, gross,
    paid, invoice_number, credit_note_number, cancel_reason, changed_at, version, source,
    source_reference)
SELECT 'SO-' || lpad(n::text, 6, '0'), %(site)s, %(person)s, at,
    CASE WHEN n %% 30 = 0 THEN 'cancelled' ELSE 'completed' END, 'handed_over', 'paid', 'pick_up',
    '', '', 'GBP', true, 30, 6, 36, 36, '', '', '', at, 1, '', ''
FROM day WHERE n %% 3 = 0;
INSERT INTO frontdesk_orderline (order_id, position, product_id, sku, description, unit, quantity,
    unit_price, discount_percent, tax_rate, net, tax, gross)
SELECT o.id, p, 1, 'SKU-' || (o.id * p) %% 40, 'Product ' || (o.id * p) %% 40, 'piece', 1, 12,
    CASE WHEN o.id %% 9 = 0 THEN 10 ELSE 0 END, 0.2, 10, 2, 12
FROM frontdesk_order o, generate_series(1, 3) p;
INSERT INTO frontdesk_payment (number, order_id, amount, method, method_label, method_kind,
    taken_by_id, taken_at)
SELECT 'PY-' || id, id, 36, (ARRAY['cash', 'card'])[1 + id %% 2], 'Cash or card', 'cash',
    %(person)s, ordered_at FROM frontdesk_order;
INSERT INTO accounting_receivable (id, order_number, site_id, customer_number, customer_name,
    customer_key, currency, gross, paid, refunded, refund_promised, state)
SELECT id, number, site_id, '', '', '', 'GBP', 36, 36, 0, 0, 'paid' FROM frontdesk_order;
SET session_replication_role = DEFAULT;
"""


def main() -> None:
    """Fills the office and times the pages."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.factories import make_office
    from tests.people import employ

    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    site, maya = make_office().main_site, employ("maya")
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"rows": ROWS, "site": site.pk, "person": maya.pk})
        cursor.execute("VACUUM ANALYZE")  # as autovacuum does over months
    print(f"{ROWS:,} hand-offs and tickets in {time.perf_counter() - began:.0f} s")
    print(f"{'page':28}{'queries':>8}{'SQL p50':>10}{'all p50':>10}   slowest query")
    for name, address in PAGES:
        measure(name, address, maya)
    for name, address in LIVE:
        measure(name, address, maya, unchanged=True)


def measure(name: str, address: str, person: object, *, unchanged: bool = False) -> None:
    """Requests a page several times and prints the medians in milliseconds."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    browser = Client()
    browser.force_login(person, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[arg-type]
    first = browser.get(address)
    assert first.status_code == 200, (address, first.status_code)
    headers = {"if-none-match": first["ETag"]} if unchanged else {}
    spent, whole, slowest, queries = [], [], (0.0, ""), 0
    for _ in range(RUNS):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(address, headers=headers)
        whole.append((time.perf_counter() - began) * 1000)
        if unchanged and answer.status_code != 304:  # the page changed with the minute
            headers = {"if-none-match": answer["ETag"]}
            whole.pop()
            continue
        spent.append(sum(float(query["time"]) for query in captured.captured_queries) * 1000)
        queries = len(captured)
        worst = max(captured.captured_queries, key=lambda query: float(query["time"]))
        slowest = max(slowest, (float(worst["time"]) * 1000, " ".join(worst["sql"].split())[:60]))
    print(
        f"{name:28}{queries:8}{statistics.median(spent):9.0f} {statistics.median(whole):9.0f}"
        f"    {slowest[0]:.0f} {slowest[1]}"
    )


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "officeflow.settings"
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    start_engines()
    try:
        main()
    finally:
        stop_engines()
