"""Redis behind Sentinels: when the master dies, all find the next one by themselves."""

from __future__ import annotations

import time

from officeflow.handoff.monitoring.heartbeat import KEY
from tests.faults.drill.sentinels import SENTINELS, watched
from tests.faults.drill.trial import NOTIFICATION_LOST, Trial


def test_sentinel_failover(trial: Trial) -> None:
    """Redis with Sentinel: the master killed, a replica takes over"""
    office = trial.office
    with (
        watched(office.room) as sentinels,
        office.reaching("web", "worker", "sweeper", REDIS_URL=sentinels.url),
    ):
        trial.open_counter()
        trial.measure_desk()
        began = time.time()
        before = sentinels.master()
        sentinels.kill(SENTINELS[-1])
        sentinels.kill(before)
        trial.fired(1, "masters killed")
        office.until(lambda: sentinels.master() != before, "another server is the master")
        after = sentinels.client(sentinels.master())
        office.until(
            lambda: after.exists(KEY.format(queue="fulfilment")), "the worker has found it"
        )
        took = time.time() - began
        office.until(office.ready, "the web and the sweeper have found it")
        trial.until_asked(trial.acknowledged() + 10)
        trial.heal()
        began_after = time.time()
        trial.until_asked(trial.acknowledged() + 10)
        assert after.info("commandstats").get("cmdstat_lpush", {}).get("calls", 0) > 0
        trial.note(f"the worker found the new master after {took:.0f} s")
        trial.drain()
        trial.judge(bound=NOTIFICATION_LOST, desk=(began, began_after))
