-- Posts as `handoff_post_v1` does. With `wait` seconds, nobody applies the hand-off before they have
-- passed: a hand-off that was never begun is claimable before it is due, so it gets an attempt, which is
-- forgiven at once, as one that was left (`handoff_leave_v1`).
CREATE FUNCTION handoff_post_v2(
    destinations text[], about text, contract text, version int, payload jsonb, is_sealed boolean,
    actor bigint, fresh double precision, wait double precision
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
    SELECT id, posted, destination, about, handoff_post_v2.contract, version, handoff_post_v2.payload,
        handoff_post_v2.is_sealed, 'waiting', posted = head,
        CASE WHEN wait > 0 THEN 1 ELSE 0 END, CASE WHEN wait > 0 THEN 1 ELSE 0 END,
        now + make_interval(secs => CASE WHEN wait > 0 THEN wait ELSE fresh END), now, actor, ''
    FROM stream, (SELECT max(locked_at) AS now FROM stream) AS clock;
END $$;
