"""What `/metrics` and `/readyz` report about hand-offs: metrics, counters, heartbeats."""
