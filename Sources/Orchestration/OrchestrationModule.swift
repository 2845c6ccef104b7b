// Orchestration: build, distribute, promote, schedule, collect, recover. Intent is recorded before an effect, the fact after it.
