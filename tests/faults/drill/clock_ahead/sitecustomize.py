"""Sets the clock of a process five minutes ahead, when this folder is on its path."""

import datetime
import time

import time_machine

AHEAD_SECONDS = 300.0

time_machine.travel(
    datetime.datetime.fromtimestamp(time.time() + AHEAD_SECONDS, datetime.UTC), tick=True
).start()
