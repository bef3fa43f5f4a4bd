-- Leaves to a newer version all hand-offs of a destination (`whose`) that this process does not know;
-- `known` holds the version of each contract that it knows. One statement, so that a queue full of them
-- costs little. A hand-off that was never begun is claimable before it is due, so it gets an attempt,
-- which is forgiven at once; so is the attempt of those in `counted`, which were claimed just now. A
-- hand-off that was left for `longest` seconds becomes dead.
CREATE FUNCTION handoff_leave_v1(
    whose text, known jsonb, claimed bigint[], counted bigint[], longest double precision,
    wait_least double precision, wait_most double precision
) RETURNS TABLE (handoff_id bigint, now_state text) LANGUAGE sql VOLATILE AS $$
    WITH found AS (
        SELECT id AS found, coalesce(left_at, office_clock()) AS since
        FROM handoff_handoff
        WHERE destination = whose AND state = 'waiting' AND is_head
          AND (due_at <= office_clock() OR attempts = 0 OR id = ANY(claimed))
          AND contract_version > coalesce((known ->> contract)::int, 0)
        FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE handoff_handoff SET
        attempts = GREATEST(attempts, 1),
        attempts_forgiven = attempts_forgiven
            + CASE WHEN attempts = 0 OR id = ANY(counted) THEN 1 ELSE 0 END,
        left_at = since,
        state = CASE
            WHEN since < office_clock() - make_interval(secs => longest) THEN 'dead' ELSE state END,
        due_at = office_clock() + make_interval(secs => least(wait_most,
            greatest(wait_least, extract(epoch FROM office_clock() - since)::float))),
        last_error = 'Left for a newer version: nothing here knows version '
            || contract_version || ' of ' || contract
    FROM found WHERE id = found
    RETURNING id, state::text
$$;
