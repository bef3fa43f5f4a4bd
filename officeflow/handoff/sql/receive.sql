-- Returns claimed hand-offs whose attempt is still the latest, locked until the transaction ends: a
-- claim passes over locked rows, so that a running apply is not overtaken when its lease has ended.
-- PostgreSQL ends the transaction's statements, and its waits for the next one, after `most`
-- milliseconds, so that a worker that hangs or is cut off does not keep the rows locked.
CREATE FUNCTION handoff_receive_v1(ids bigint[], tries int[], most int)
RETURNS SETOF handoff_handoff LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF most IS NOT NULL THEN
        PERFORM set_config('statement_timeout', most::text, true),
                set_config('idle_in_transaction_session_timeout', most::text, true);
    END IF;
    RETURN QUERY SELECT handoff_handoff.* FROM handoff_handoff
        JOIN unnest(ids, tries) AS claim (claimed, attempt)
            ON id = claim.claimed AND attempts = claim.attempt
        WHERE state = 'waiting' ORDER BY id FOR NO KEY UPDATE OF handoff_handoff;
END $$;
