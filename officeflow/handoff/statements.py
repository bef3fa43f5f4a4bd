"""What the corridor asks of PostgreSQL, statement by statement, in the order of a hand-off's way.

They are few and exact in what they lock; the comments say why they are as they are.
"""

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
LIMITED = """
    set_config(
        'statement_timeout', coalesce(%(limit)s, current_setting('statement_timeout')), true
    ),
    set_config(
        'idle_in_transaction_session_timeout',
        coalesce(%(limit)s, current_setting('idle_in_transaction_session_timeout')), true
    )
"""
# The row stays locked to the end: a claim passes over a locked row, so that an apply which lives
# is not overtaken, however long ago its lease ran out.
RECEIVE = f"""
SELECT *, {LIMITED} FROM handoff_handoff
WHERE (id, attempts) IN %(claims)s AND state = 'waiting' ORDER BY id FOR NO KEY UPDATE
"""  # noqa: S608 (nothing in it comes from outside)
FIND = f"""
SELECT *, {LIMITED}, attempts = 0 AND contract <> ALL(%(outside)s::text[])
    AND posted_at > office_clock() - make_interval(secs => %(fresh)s) AS is_fresh
FROM handoff_handoff WHERE {CLAIMABLE}
ORDER BY due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608 (nothing in it comes from outside)
# The streams' heads move in a statement before the rest: it waits for whoever is posting to them,
# and only a statement that begins after that sees what they posted. Both go in one round trip.
ADVANCE = """
WITH own AS (
    SELECT id, asked.sequence FROM handoff_stream
    JOIN unnest(%(streams)s::bigint[], %(sequences)s::bigint[])
        WITH ORDINALITY AS asked (stream_id, sequence, place) ON id = asked.stream_id
    ORDER BY place FOR NO KEY UPDATE OF handoff_stream
)
UPDATE handoff_stream SET head = head + 1 FROM own
WHERE handoff_stream.id = own.id AND head = own.sequence;
"""
# What was sealed has reached its one reader. The unique receipt is the last word on "once",
# whatever else may be wrong. The next of the stream, if any, may be claimed.
FINISH = """
WITH done AS (
    UPDATE handoff_handoff SET
        state = 'applied', is_head = false, delivered_at = office_clock(), last_error = '',
        attempts = GREATEST(attempts, 1),
        payload = CASE WHEN is_sealed THEN '{}' ELSE payload END
    WHERE id = ANY(%(ids)s) AND state = 'waiting'
    RETURNING id, attempts, delivered_at, stream_id, sequence
), next AS (
    UPDATE handoff_handoff SET is_head = true FROM done
    WHERE handoff_handoff.stream_id = done.stream_id
      AND handoff_handoff.sequence = done.sequence + 1 AND handoff_handoff.state = 'waiting'
)
INSERT INTO handoff_receipt (handoff_id, attempt, applied_at)
SELECT id, attempts, delivered_at FROM done
"""

# It was an attempt, also when it had been forgiven in advance or was made without a claim. A
# later attempt, or an end, is left alone.
FAIL = """
UPDATE handoff_handoff SET
    last_error = %(error)s,
    state = CASE WHEN %(dead)s THEN 'dead' ELSE state END,
    attempts = GREATEST(attempts, 1),
    attempts_forgiven = attempts_forgiven - CASE WHEN %(is_shared)s THEN 1 ELSE 0 END,
    due_at = office_clock() + make_interval(secs => %(backoff)s)
WHERE id = %(id)s AND attempts = %(attempt)s AND state = 'waiting'
"""
