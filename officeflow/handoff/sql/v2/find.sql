-- Finds as `handoff_find_v1` does. When that hand-off and others were never begun, were posted within
-- `fresh` seconds and may share a transaction (their contract is one of `together`), returns up to
-- `several` of them, all locked.
CREATE FUNCTION handoff_find_v2(
    whose text, most int, fresh double precision, several int, together text[]
) RETURNS SETOF handoff_handoff LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    first handoff_handoff;
    since timestamptz := office_clock() - make_interval(secs => fresh);
BEGIN
    IF most IS NOT NULL THEN
        PERFORM set_config('statement_timeout', most::text, true),
                set_config('idle_in_transaction_session_timeout', most::text, true);
    END IF;
    SELECT * INTO first FROM handoff_handoff
        WHERE destination = whose AND state = 'waiting' AND is_head
          AND (due_at <= office_clock() OR attempts = 0)
        ORDER BY due_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    RETURN NEXT first;
    IF first.attempts = 0 AND first.posted_at > since AND first.contract = ANY(together) THEN
        RETURN QUERY SELECT * FROM handoff_handoff
            WHERE destination = whose AND state = 'waiting' AND is_head AND attempts = 0
              AND posted_at > since AND contract = ANY(together) AND id <> first.id
            ORDER BY due_at LIMIT several - 1 FOR NO KEY UPDATE SKIP LOCKED;
    END IF;
END $$;
