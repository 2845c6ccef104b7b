// Ledger: the durable record of what was intended and what happened: builds, checkpoints, channels, schedules, leases, events.
