-- Writes an attempt's failure on its hand-off, which backs off or is dead. It was an attempt, also
-- when it had been forgiven in advance or was made without a claim. When a later attempt has begun,
-- or the hand-off has come to an end, nothing changes.
CREATE FUNCTION handoff_fail_v1(
    handoff bigint, attempt int, error text, is_dead boolean, backoff double precision
) RETURNS void LANGUAGE sql VOLATILE AS $$
    UPDATE handoff_handoff SET
        last_error = error,
        state = CASE WHEN is_dead THEN 'dead' ELSE state END,
        attempts = GREATEST(attempts, 1),
        attempts_forgiven = LEAST(attempts_forgiven, GREATEST(attempts, 1) - 1),
        due_at = office_clock() + make_interval(secs => backoff)
    WHERE id = handoff AND attempts = attempt AND state = 'waiting'
$$;
