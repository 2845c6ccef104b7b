import Platform
import Synchronization
import Testing

@Suite struct TaskQueueTests {
    @Test func `what was added is done in its order, by as many threads as there are`() throws {
        let queue = try TaskQueue(limit: 100)
        let done = Mutex<[Int]>([])
        for number in 0..<50 { #expect(queue.add { done.withLock { $0.append(number) } }) }
        queue.close()
        Threads.concurrently(1) { _ in queue.run() }
        #expect(done.withLock { $0 } == Array(0..<50))
    }

    @Test func `a thread that comes after the end goes again`() throws {
        let queue = try TaskQueue(limit: 1)
        queue.close()
        Threads.concurrently(3) { _ in queue.run() }
        #expect(!queue.add {})
    }

    @Test func `more work than may wait is refused`() throws {
        let queue = try TaskQueue(limit: 2)
        #expect(queue.add {})
        #expect(queue.add {})
        #expect(!queue.add {})
        queue.close()
        queue.run()
    }
}
