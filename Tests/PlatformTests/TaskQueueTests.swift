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

    @Test func `more work than a pipe has room for may wait, and is done in its order`() throws {
        let queue = try TaskQueue(limit: 100_000)
        let done = Mutex<[Int]>([])
        for number in 0..<70_000 where !queue.add({ done.withLock { $0.append(number) } }) {
            Issue.record("\(number) is refused")
            break
        }
        queue.close()
        queue.run()
        #expect(done.withLock { $0 } == Array(0..<70_000))
    }

    @Test func `threads that wait are woken by work that work adds, and return when the last of it closes the queue`() throws {
        for _ in 0..<50 {
            let queue = try TaskQueue(limit: 10)
            let done = Atomic<Int>(0)
            @Sendable func add(_ depth: Int) {
                let work: TaskQueue.Work = {
                    if depth < 6 { for _ in 0..<2 { add(depth + 1) } }
                    if done.wrappingAdd(1, ordering: .relaxed).newValue == 127 { queue.close() }
                }
                if !queue.add(work) { work() }
            }
            add(0)
            Threads.concurrently(4) { _ in queue.run() }
            #expect(done.load(ordering: .relaxed) == 127)
        }
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
