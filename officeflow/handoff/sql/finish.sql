-- Marks a locked hand-off applied, inserts its receipt and moves its stream's head. Empties a sealed
-- payload. Returns how many were posted to the stream, or null when the head is elsewhere. The unique
-- receipt makes sure that nothing is applied twice. The head is moved last: that statement waits for
-- transactions that post to the stream, and the one after it sees what they posted.
CREATE FUNCTION handoff_finish_v1(handoff bigint, stream bigint, place bigint)
RETURNS bigint LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    there bigint;
BEGIN
    UPDATE handoff_handoff SET
        state = 'applied', is_head = false, delivered_at = office_clock(), last_error = '',
        attempts = GREATEST(attempts, 1), payload = CASE WHEN is_sealed THEN '{}' ELSE payload END
    WHERE id = handoff AND state = 'waiting';
    INSERT INTO handoff_receipt (handoff_id, attempt, applied_at)
    SELECT id, attempts, delivered_at FROM handoff_handoff
    WHERE id = handoff AND state = 'applied';
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    UPDATE handoff_stream SET head = head + 1 WHERE id = stream AND head = place
    RETURNING posted INTO there;
    IF there > place THEN
        UPDATE handoff_handoff SET is_head = true
        WHERE stream_id = stream AND sequence = place + 1 AND state = 'waiting';
    END IF;
    RETURN there;
END $$;
