-- The clock of hand-offs. A transaction may move it for itself (SET LOCAL officeflow.moved_clock), as
-- the demo company does to make its past days.
CREATE FUNCTION office_clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
    SELECT coalesce(
        nullif(current_setting('officeflow.moved_clock', true), '')::timestamptz,
        clock_timestamp()
    )
$$;
