-- Adds to the balance checkpoints the complete hand-offs at the beginning of some streams, those whose
-- ids follow `after_key`: each row is there and either applied with its receipt for `quiet` seconds,
-- or discarded. Complete hand-offs never change, so they are checked without a lock. Then the streams
-- are locked, except those that are being posted to, and those that another sweeper has checkpointed
-- meanwhile are left out. Returns how many streams were read, the last one's id, and how many
-- hand-offs were added.
CREATE FUNCTION handoff_checkpoint_v1(
    after_key bigint, most_streams int, most_rows int, quiet double precision
) RETURNS TABLE (seen bigint, last_key bigint, now_counted bigint) LANGUAGE sql VOLATILE AS $$
WITH open AS (
    SELECT id, head, checkpointed FROM handoff_stream
    WHERE NOT is_checkpointed AND id > after_key ORDER BY id LIMIT most_streams
), sound AS (
    SELECT open.id, open.checkpointed, sure.* FROM open CROSS JOIN LATERAL (
        SELECT max(sequence) AS upto, count(receipt) AS applied, sum(attempts) AS attempts,
               max(coalesce(delivered_at, posted_at)) AS settled_at
        FROM (
            SELECT place.*, bool_and(
                    coalesce(
                        CASE state
                            WHEN 'applied' THEN receipt IS NOT NULL AND delivered_at <=
                                office_clock() - make_interval(secs => quiet)
                            WHEN 'discarded' THEN receipt IS NULL
                        END, false)
                ) OVER line AND sequence - open.checkpointed = row_number() OVER line AS is_sound
            FROM (
                SELECT sequence, state, attempts, posted_at, delivered_at,
                       handoff_receipt.handoff_id AS receipt
                FROM handoff_handoff LEFT JOIN handoff_receipt ON handoff_id = id
                WHERE stream_id = open.id AND sequence > open.checkpointed AND sequence < open.head
                ORDER BY sequence LIMIT most_rows
            ) place
            WINDOW line AS (ORDER BY sequence)
        ) looked_at
        WHERE is_sound
    ) sure
    WHERE upto IS NOT NULL
), locked AS (
    SELECT sound.* FROM sound
    JOIN handoff_stream stream ON stream.id = sound.id AND stream.checkpointed = sound.checkpointed
    ORDER BY sound.id FOR NO KEY UPDATE OF stream SKIP LOCKED
), added AS (
    UPDATE handoff_stream stream SET
        checkpointed = locked.upto,
        settled_at = greatest(stream.settled_at, locked.settled_at)
    FROM locked WHERE stream.id = locked.id AND stream.checkpointed = locked.checkpointed
    RETURNING stream.destination, locked.upto - locked.checkpointed AS posted, locked.applied,
        locked.attempts
), counted AS (
    INSERT INTO handoff_balance_checkpoint (destination, posted, applied, attempts)
    SELECT destination, sum(posted), sum(applied), sum(attempts)
    FROM added GROUP BY destination ORDER BY destination
    ON CONFLICT (destination) DO UPDATE SET
        posted = handoff_balance_checkpoint.posted + EXCLUDED.posted,
        applied = handoff_balance_checkpoint.applied + EXCLUDED.applied,
        attempts = handoff_balance_checkpoint.attempts + EXCLUDED.attempts
)
    SELECT count(*), max(id), (SELECT coalesce(sum(posted), 0)::bigint FROM added) FROM open
$$;
