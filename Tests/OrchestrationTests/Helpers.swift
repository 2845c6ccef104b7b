import Model
import Synchronization

extension String {
    /// The first occurrence replaced. The text must be there.
    func replacingOnce(_ old: String, with new: String) -> String {
        guard let range = firstRange(of: old) else { return "the text '\(old)' is missing" }
        return replacingCharacters(in: range, with: new)
    }

    private func replacingCharacters(in range: Range<Index>, with new: String) -> String {
        self[..<range.lowerBound] + new + self[range.upperBound...]
    }
}

/// A value that several threads or closures set.
final class Shared<Value: Sendable>: Sendable {
    private let stored: Mutex<Value>

    init(_ value: Value) { stored = Mutex(value) }

    var value: Value {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }

    func change(_ body: (inout Value) -> Void) { stored.withLock { body(&$0) } }
}
