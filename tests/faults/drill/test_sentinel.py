"""Redis with Sentinels: when the master dies, all parts find the next one."""

from __future__ import annotations

import time

from officeflow.handoff.monitoring.heartbeat import KEY
from tests.faults.drill.case import NOTIFICATION_LOST, Case
from tests.faults.drill.sentinels import SENTINELS, running_sentinels


def test_sentinel_failover(case: Case) -> None:
    """Redis with Sentinel: the master killed, a replica takes over"""
    office = case.office
    with (
        running_sentinels(office.folder) as sentinels,
        office.with_addresses("web", "worker", "sweeper", REDIS_URL=sentinels.url),
    ):
        case.start_load()
        case.measure_baseline()
        began = time.time()
        before = sentinels.master()
        sentinels.kill(SENTINELS[-1])
        sentinels.kill(before)
        case.fired(1, "masters killed")
        office.until(lambda: sentinels.master() != before, "another server is the master")
        after = sentinels.client(sentinels.master())
        office.until(
            lambda: after.exists(KEY.format(queue="fulfilment")), "the worker has found it"
        )
        took = time.time() - began
        office.until(office.ready, "the web and the sweeper have found it")
        case.wait_for_acknowledged(case.acknowledged() + 10)
        case.heal()
        began_after = time.time()
        case.wait_for_acknowledged(case.acknowledged() + 10)
        assert after.info("commandstats").get("cmdstat_lpush", {}).get("calls", 0) > 0
        case.note(f"the worker found the new master after {took:.0f} s")
        case.drain()
        case.check(bound=NOTIFICATION_LOST, desk=(began, began_after))
