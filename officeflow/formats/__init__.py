"""How dates and times are written where the office wants it otherwise than Django does.

The clock time is always written in full: "10:00" and "12:00", never "10 a.m." or "noon", so that
times line up in a column.
"""
