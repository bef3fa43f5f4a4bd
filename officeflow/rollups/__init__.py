"""Roll-ups: sums of rows by hour and day, which the sweeper keeps and the figures read."""
