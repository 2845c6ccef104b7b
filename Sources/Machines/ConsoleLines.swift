import Cloud
import Synchronization

/// Lines for an instance's console, as many as it keeps.
final class ConsoleLines: Sendable {
    private let text = Mutex<[UInt8]>([])

    var bytes: [UInt8] { text.withLock { $0 } }

    func add(_ line: String) { add(Array(line.utf8)) }

    func add(_ line: [UInt8]) {
        text.withLock { text in
            text += line + [0x0A]
            if text.count > 2 * ConsoleOutput.limit { text = Array(text.suffix(ConsoleOutput.limit)) }
        }
    }
}
