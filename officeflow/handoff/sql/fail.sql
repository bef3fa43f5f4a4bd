-- Writes an attempt's failure on its hand-off, which backs off or becomes dead. The attempt counts, also
-- if it was forgiven in advance or made without a claim. Changes nothing when a later attempt has begun
-- or the hand-off is no longer waiting.
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
