-- Locks claimed hand-offs of which the attempt is still the latest. They stay locked to the end: a
-- claim passes over a locked row, so that an apply which lives is not overtaken, however long ago
-- its lease ran out. The transaction's statements, and its waits for the next one, end after `most`
-- milliseconds: a worker that hangs, or whose machine is gone, must not keep the rows locked.
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
