-- Hand-offs ask PostgreSQL for the time. A transaction may move the clock for itself alone
-- (SET LOCAL officeflow.moved_clock), which is how the demo company lives through its past.
CREATE FUNCTION office_clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(
        nullif(current_setting('officeflow.moved_clock', true), '')::timestamptz,
        clock_timestamp()
    )
$$;
