-- Returns the most overdue claimable hand-off of a destination (`whose`), locked, without those that
-- others have locked. PostgreSQL ends the transaction's statements, and its waits for the next one,
-- after `most` milliseconds.
CREATE FUNCTION handoff_find_v1(whose text, most int)
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
