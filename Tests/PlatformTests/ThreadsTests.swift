import Platform
import Synchronization
import Testing

@Suite struct ThreadsTests {
    @Test func `a thread that was started beside its maker may run on every processor afterwards`() {
        let processors = Mutex<[Int]>([])
        Threads.concurrently(3) { _ in processors.withLock { $0.append(Threads.available) } }
        #expect(processors.withLock { $0 } == [Int](repeating: Threads.available, count: 3))
    }

    @Test func `every number is worked on once, whatever thread takes it`() throws {
        let done = Mutex<[Int]>([])
        Threads.forEach(below: 1000) { number in done.withLock { $0.append(number) } }
        #expect(done.withLock { $0.sorted() } == Array(0..<1000))
    }

    private struct Refusal: Error {}

    @Test func `two pieces of work run beside each other, and both are done at the end`() throws {
        // Each waits for the other, so that one after the other they would never end.
        let here = try Pipe()
        let there = try Pipe()
        let heard = Mutex(false)
        let result = try Threads.run(beside: {
            try? there.writeEnd.write([1])
            let isHeard = (try? here.readEnd.waitForByte()) == true
            heard.withLock { $0 = isHeard }
        }) {
            #expect(try there.readEnd.waitForByte())
            try here.writeEnd.write([1])
            return 7
        }
        #expect(result == 7 && heard.withLock { $0 })
    }

    @Test func `an error waits for what runs beside it`() throws {
        let gate = try Pipe()
        let done = Mutex(false)
        #expect(throws: Refusal.self) {
            try Threads.run(beside: {
                _ = try? gate.readEnd.waitForByte()
                done.withLock { $0 = true }
            }) {
                try gate.writeEnd.write([1])
                throw Refusal()
            }
        }
        #expect(done.withLock { $0 })
    }
}
