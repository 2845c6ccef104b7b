import Platform
import Synchronization

extension Environment {
    /// The real machine, on which the failure point `point` fails the `occurrence`-th time it is reached.
    package static func failing(at point: String, errno: Int32 = 5, occurrence: Int = 1) -> Environment {
        let seen = Counter()
        var environment = Environment.system()
        environment.failpoint = { (name) throws(SystemError) in
            guard "\(name)" == point, seen.next() == occurrence else { return }
            throw SystemError("planned fault", point, errno: errno)
        }
        return environment
    }

    /// The real machine; `body` runs when the failure point is reached.
    package static func watching(_ point: String, _ body: @escaping @Sendable () -> Void) -> Environment {
        var environment = Environment.system()
        environment.failpoint = { (name) throws(SystemError) in if "\(name)" == point { body() } }
        return environment
    }
}

private final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).newValue }
}
