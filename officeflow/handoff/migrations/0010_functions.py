from django.db import migrations

# What every hand-off comes through, kept in PostgreSQL: each connection plans it once instead of
# each time, which was half of its cost. No plan may read a whole table: one that was made while
# there were few rows is kept while they become many.
#
# Processes of the version before go on calling these while an office is brought up to date. So a
# function whose arguments or meaning change gets a new name; the old one goes a version later.
CREATE = """
-- Locks the streams in the order of the destinations, makes room in each, and fills it. All that
-- tells of one fact was posted at one moment, after the last of its streams was locked.
CREATE FUNCTION handoff_post(
    destinations text[], about text, contract text, version int, payload jsonb, is_sealed boolean,
    actor bigint, fresh double precision
) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    WITH stream AS (
        INSERT INTO handoff_stream AS known (destination, subject, posted, head)
        SELECT unnest(destinations), about, 1, 1
        ON CONFLICT (destination, subject) DO UPDATE SET posted = known.posted + 1
        RETURNING id, destination, posted, head, office_clock() AS locked_at
    )
    INSERT INTO handoff_handoff (stream_id, sequence, destination, subject, contract,
        contract_version, payload, is_sealed, state, is_head, attempts, attempts_forgiven, due_at,
        posted_at, posted_by_id, last_error)
    SELECT id, posted, destination, about, handoff_post.contract, version, handoff_post.payload,
        handoff_post.is_sealed, 'waiting', posted = head, 0, 0, now + make_interval(secs => fresh),
        now, actor, ''
    FROM stream, (SELECT max(locked_at) AS now FROM stream) AS clock;
END $$;

-- The most overdue that a destination may begin, locked; not what somebody else has locked. The
-- transaction's statements, and its waits for the next one, end after `most` milliseconds.
CREATE FUNCTION handoff_find(whose text, most int)
RETURNS SETOF handoff_handoff LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF most IS NOT NULL THEN
        PERFORM set_config('statement_timeout', most::text, true),
                set_config('idle_in_transaction_session_timeout', most::text, true);
    END IF;
    RETURN QUERY SELECT * FROM handoff_handoff
        WHERE destination = whose AND state = 'waiting' AND is_head
          AND (due_at <= office_clock() OR attempts = 0)
        ORDER BY due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
END $$;

-- Marks a locked hand-off applied, with its receipt, and moves its stream's head; answers how many
-- were posted to the stream, or null where its head is elsewhere. What was sealed has reached its
-- one reader. The unique receipt is the last word on "once", whatever else may be wrong. The head
-- comes last: it waits for whoever is posting to the stream, and only a statement that begins
-- after it has moved sees what was posted until then.
CREATE FUNCTION handoff_finish(handoff bigint, stream bigint, place bigint)
RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    there bigint;
BEGIN
    UPDATE handoff_handoff SET
        state = 'applied', is_head = false, delivered_at = office_clock(), last_error = '',
        attempts = GREATEST(attempts, 1), payload = CASE WHEN is_sealed THEN '{}' ELSE payload END
    WHERE id = handoff AND state = 'waiting';
    INSERT INTO handoff_receipt (handoff_id, attempt, applied_at)
    SELECT id, attempts, delivered_at FROM handoff_handoff
    WHERE id = handoff AND state = 'applied';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    UPDATE handoff_stream SET head = head + 1 WHERE id = stream AND head = place
    RETURNING posted INTO there;
    IF there > place THEN
        UPDATE handoff_handoff SET is_head = true
        WHERE stream_id = stream AND sequence = place + 1 AND state = 'waiting';
    END IF;
    RETURN there;
END $$;
"""
DROP = """
DROP FUNCTION handoff_post(text[], text, text, int, jsonb, boolean, bigint, double precision);
DROP FUNCTION handoff_find(text, int);
DROP FUNCTION handoff_finish(bigint, bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("handoff", "0009_is_tallied")]

    operations = [migrations.RunSQL(CREATE, DROP)]
