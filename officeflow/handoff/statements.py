"""What the corridor asks of PostgreSQL, statement by statement, in the order of a hand-off's way.

They are few and exact in what they lock; the comments say why they are as they are.
"""

# It locks the streams in the order of the destinations, makes room in each, and fills it. All that
# tells of one fact was posted at one moment, after the last of its streams was locked.
WRITE = """
WITH stream AS (
    INSERT INTO handoff_stream (destination, subject, posted, head)
    SELECT unnest(%(destinations)s::text[]), %(subject)s, 1, 1
    ON CONFLICT (destination, subject)
    DO UPDATE SET posted = handoff_stream.posted + 1
    RETURNING id, destination, posted, head, office_clock() AS locked_at
)
INSERT INTO handoff_handoff (stream_id, sequence, destination, subject, contract,
    contract_version, payload, is_sealed, state, is_head, attempts, attempts_forgiven, due_at,
    posted_at, posted_by_id, last_error)
SELECT id, posted, destination, %(subject)s, %(contract)s, %(version)s, %(payload)s, %(is_sealed)s,
    'waiting', posted = head, 0, 0, now + make_interval(secs => %(fresh)s), now, %(actor)s, ''
FROM stream, (SELECT max(locked_at) AS now FROM stream) AS clock
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
FROM handoff_handoff WHERE {CLAIMABLE}
ORDER BY due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
"""  # noqa: S608 (nothing in it comes from outside)
# Three short statements in one round trip, because PostgreSQL plans them in half the time of one
# that does it all. What was sealed has reached its one reader. The unique receipt is the last word
# on "once", whatever else may be wrong; without it the stream's head does not move. The head comes
# last: it waits for whoever is posting to the stream.
FINISH = """
UPDATE handoff_handoff SET
    state = 'applied', is_head = false, delivered_at = office_clock(), last_error = '',
    attempts = GREATEST(attempts, 1), payload = CASE WHEN is_sealed THEN '{}' ELSE payload END
WHERE id = %(id)s AND state = 'waiting';
INSERT INTO handoff_receipt (handoff_id, attempt, applied_at)
SELECT id, attempts, delivered_at FROM handoff_handoff WHERE id = %(id)s AND state = 'applied';
UPDATE handoff_stream SET head = head + 1
WHERE id = %(stream)s AND head = %(sequence)s
  AND EXISTS (SELECT FROM handoff_receipt WHERE handoff_id = %(id)s)
RETURNING posted
"""
# The next of a stream may be claimed. Only a statement that begins after the head has moved sees
# what was posted until then.
NEXT = """
UPDATE handoff_handoff SET is_head = true
WHERE stream_id = %(stream)s AND sequence = %(sequence)s + 1 AND state = 'waiting'
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
