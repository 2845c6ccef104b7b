import Glibc
import Platform
import Synchronization
import Testing

@Suite struct `A ticker` {
    @Test func `ticks until it is stopped, and not after that`() {
        let ticks = Ticks()
        let ticker = Ticker(milliseconds: 1) { ticks.add() }
        while ticks.count < 3 { sched_yield() }
        ticker.stop()
        let last = ticks.count
        for _ in 0..<1000 { sched_yield() }
        #expect(ticks.count == last)
        ticker.stop()
    }

    @Test func `that has long to wait is stopped at once`() {
        let environment = Environment.system()
        let ticker = Ticker(milliseconds: 600_000) {}
        let began = environment.uptime()
        ticker.stop()
        #expect(environment.uptime() - began < 60_000_000_000)
    }

    private final class Ticks: Sendable {
        private let value = Atomic<Int>(0)
        var count: Int { value.load(ordering: .relaxed) }
        func add() { value.wrappingAdd(1, ordering: .relaxed) }
    }
}
