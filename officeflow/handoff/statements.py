"""What the corridor asks of PostgreSQL, statement by statement, in the order of a hand-off's way.

They are few and exact in what they lock; the comments say why they are as they are.
"""

# The functions are made by a migration (0010), which says what each does: PostgreSQL plans what is
# in them once for each connection.
WRITE = "SELECT handoff_post(%s::text[], %s, %s, %s, %s::jsonb, %s, %s, %s);"

# What may be begun now: the head of its stream, when it is due or nobody has begun it yet. A row
# that is locked is being claimed or applied just now.
CLAIMABLE = """
    destination = %(destination)s AND state = 'waiting' AND is_head
    AND due_at >= %(since)s::timestamptz AND (due_at <= office_clock() OR attempts = 0)
"""
# One statement: it costs one round trip, and commits by itself outside a transaction.
CLAIM = f"""
WITH looked AS MATERIALIZED (
    SELECT id AS found, due_at AS since, attempts - attempts_forgiven >= %(most)s AS is_spent,
           attempts = 0 AND contract = ANY(%(together)s::text[]) AS is_sociable
    FROM handoff_handoff WHERE {CLAIMABLE}
    ORDER BY due_at LIMIT %(several)s FOR NO KEY UPDATE SKIP LOCKED
), first AS (
    SELECT found, is_sociable FROM looked ORDER BY since, found LIMIT 1
), next AS (
    SELECT looked.*, count(*) OVER () > 1 AS is_shared FROM looked, first
    WHERE looked.found = first.found OR (looked.is_sociable AND first.is_sociable)
)
UPDATE handoff_handoff SET
    attempts = attempts + CASE WHEN is_spent THEN 0 ELSE 1 END,
    attempts_forgiven = attempts_forgiven + CASE WHEN is_shared THEN 1 ELSE 0 END,
    state = CASE WHEN is_spent THEN 'dead' ELSE state END,
    last_error = CASE WHEN is_spent THEN %(died)s ELSE last_error END,
    due_at = office_clock() + make_interval(secs => %(lease)s)
FROM next WHERE id = found
RETURNING id, attempts, state, stream_id, is_shared, contract, contract_version
"""  # noqa: S608 (nothing in it comes from outside)

# PostgreSQL ends a statement, or a wait for the next one, that outlasts the lease: a worker that
# hangs, or whose machine is gone, must not keep the row locked.
LIMIT = """
SET LOCAL statement_timeout = %(limit)s; SET LOCAL idle_in_transaction_session_timeout = %(limit)s;
"""
COLUMNS = """
    id, stream_id, sequence, destination, subject, contract, contract_version, payload, is_sealed,
    state, is_head, attempts, attempts_forgiven, due_at, posted_at, posted_by_id, delivered_at,
    accepted_at, accepted_by_id, returned_at, last_error
"""
# The row stays locked to the end: a claim passes over a locked row, so that an apply which lives
# is not overtaken, however long ago its lease ran out.
RECEIVE = f"""
SELECT {COLUMNS} FROM handoff_handoff
WHERE (id, attempts) IN %(claims)s AND state = 'waiting' ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 (nothing in it comes from outside)
FIND = f"""
SELECT {COLUMNS}, attempts = 0 AND contract <> ALL(%(outside)s::text[])
    AND posted_at > office_clock() - make_interval(secs => %(fresh)s) AS is_fresh
FROM handoff_find(%(destination)s, %(limit)s)
"""  # noqa: S608 (nothing in it comes from outside)
FINISH = """
SELECT id, handoff_finish(id, stream, place) FROM
    unnest(%(ids)s::bigint[], %(streams)s::bigint[], %(places)s::bigint[]) AS one(id, stream, place)
"""

# It was an attempt, also when it had been forgiven in advance or was made without a claim. A
# later attempt, or an end, is left alone.
FAIL = """
UPDATE handoff_handoff SET
    last_error = %(error)s,
    state = CASE WHEN %(dead)s THEN 'dead' ELSE state END,
    attempts = GREATEST(attempts, 1),
    attempts_forgiven = LEAST(attempts_forgiven, GREATEST(attempts, 1) - 1),
    due_at = office_clock() + make_interval(secs => %(backoff)s)
WHERE id = %(id)s AND attempts = %(attempt)s AND state = 'waiting'
"""
