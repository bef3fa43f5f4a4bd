-- Lets a hand-off whose time has not come wait for some seconds. Its attempt is forgiven. Changes
-- nothing when a later attempt has begun or the hand-off is no longer waiting.
CREATE FUNCTION handoff_postpone_v1(
    handoff bigint, attempt int, why text, seconds double precision
) RETURNS void LANGUAGE sql VOLATILE AS $$
    UPDATE handoff_handoff SET
        last_error = why,
        attempts = GREATEST(attempts, 1),
        attempts_forgiven = LEAST(attempts_forgiven + 1, GREATEST(attempts, 1)),
        due_at = office_clock() + make_interval(secs => seconds)
    WHERE id = handoff AND attempts = attempt AND state = 'waiting'
$$;
