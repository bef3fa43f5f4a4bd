-- Posts one event to its destinations: locks the streams in the order of the destinations and inserts
-- a row at the end of each. All rows have the same `posted_at`, after the last stream was locked.
CREATE FUNCTION handoff_post_v1(
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
    SELECT id, posted, destination, about, handoff_post_v1.contract, version, handoff_post_v1.payload,
        handoff_post_v1.is_sealed, 'waiting', posted = head, 0, 0, now + make_interval(secs => fresh),
        now, actor, ''
    FROM stream, (SELECT max(locked_at) AS now FROM stream) AS clock;
END $$;
