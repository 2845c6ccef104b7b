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
}
