import Glibc

/// Where output goes: a standard stream, or a list in a test.
package protocol OutputStream: Sendable {
    /// Writes all of `bytes`.
    func write(bytes: Span<UInt8>) throws(OutputError)
}

extension OutputStream {
    /// Writes all of `text`, as UTF-8.
    package func write(_ text: String) throws(OutputError) {
        try write(bytes: text.utf8.span)
    }

    package func writeLine(_ line: String) throws(OutputError) {
        try write(line + "\n")
    }
}

/// Why text was not written.
package enum OutputError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The reader went away (EPIPE), as `head` does. Nothing is wrong: end quietly with `ExitStatus.outputClosed`.
    case closed
    case failed(errno: Int32)

    package var description: String {
        switch self {
        case .closed: "the reader of the output went away"
        case .failed(let number): "writing the output failed: \(unsafe String(cString: strerror(number)))"
        }
    }
}

/// An open descriptor, such as standard output. It is not closed. Unbuffered: what was written is seen, also when the process is killed next.
package struct StandardStream: OutputStream {
    let descriptor: Int32

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    package static let output = StandardStream(descriptor: STDOUT_FILENO)
    package static let error = StandardStream(descriptor: STDERR_FILENO)

    /// Makes a write to a closed pipe an error, `OutputError.closed`, instead of the end of the process. Called once by main; programs
    /// that the process starts inherit it unless the signal is reset for them.
    package static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    package func write(bytes: Span<UInt8>) throws(OutputError) {
        var written = 0
        while written < bytes.count {
            let rest = bytes.extracting(written...)
            let count = unsafe rest.withUnsafeBufferPointer { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                written += count
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: waitUntilWritable()
            case EPIPE: throw .closed
            case let number: throw .failed(errno: number)
            }
        }
    }

    /// A stream can be non-blocking, since its other holders share the setting.
    private func waitUntilWritable() {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&request, 1, -1)
    }
}
