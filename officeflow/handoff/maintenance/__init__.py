"""What the sweeper does: find due hand-offs, run periodic jobs, checkpoint, delete old rows."""
