-- Claims for one process the most overdue hand-off of a destination (`whose`): it is the head of its
-- stream, and due or never begun. Rows that are locked are being claimed or applied by others.
--
-- Claims up to `several` when all of them may share a transaction: their contract is one of `together`
-- and nobody has begun them. Such an attempt is forgiven in advance: if the process dies in it, nobody
-- knows which of them killed it. A hand-off that has used up its attempts becomes dead.
CREATE FUNCTION handoff_claim_v1(
    whose text, since timestamptz, several int, together text[], most_attempts int, died text,
    lease double precision
) RETURNS TABLE (
    handoff_id bigint, attempt int, now_state text, its_stream bigint, shared boolean,
    its_contract text, its_version int
) LANGUAGE plpgsql SET enable_seqscan = off AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH looked AS MATERIALIZED (
        SELECT id AS found, due_at AS since, attempts - attempts_forgiven >= most_attempts
               AS is_spent, attempts = 0 AND contract = ANY(together) AS may_share
        FROM handoff_handoff
        WHERE destination = whose AND state = 'waiting' AND is_head
          AND due_at >= handoff_claim_v1.since AND (due_at <= office_clock() OR attempts = 0)
        ORDER BY due_at LIMIT several FOR NO KEY UPDATE SKIP LOCKED
    ), first AS (
        SELECT found, may_share FROM looked ORDER BY since, found LIMIT 1
    ), next AS (
        SELECT looked.*, count(*) OVER () > 1 AS is_shared FROM looked, first
        WHERE looked.found = first.found OR (looked.may_share AND first.may_share)
    )
    UPDATE handoff_handoff SET
        attempts = attempts + CASE WHEN is_spent THEN 0 ELSE 1 END,
        attempts_forgiven = attempts_forgiven + CASE WHEN is_shared THEN 1 ELSE 0 END,
        state = CASE WHEN is_spent THEN 'dead' ELSE state END,
        last_error = CASE WHEN is_spent THEN died ELSE last_error END,
        due_at = office_clock() + make_interval(secs => lease)
    FROM next WHERE id = found
    RETURNING id, attempts::int, state::text, stream_id, is_shared, contract::text,
        contract_version::int;
END $$;
