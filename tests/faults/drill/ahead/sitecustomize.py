"""On the path of a process of the drill: its clock is five minutes ahead of everybody's."""

import datetime
import time

import time_machine

AHEAD_SECONDS = 300.0

time_machine.travel(
    datetime.datetime.fromtimestamp(time.time() + AHEAD_SECONDS, datetime.UTC), tick=True
).start()
