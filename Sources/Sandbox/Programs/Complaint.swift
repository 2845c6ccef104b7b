import Platform

/// What bubblewrap says where it cannot set up its walls, or cannot start the program: one line of its own, and status 1.
struct Complaint {
    private var lines = 0
    private var first: String?

    mutating func take(_ stream: Subprocess.Stream, _ line: [UInt8]) {
        lines += 1
        if lines == 1 && stream == .error && line.starts(with: "bwrap: ".utf8) { first = String(decoding: line, as: UTF8.self) }
    }

    /// Nil where the program has run.
    func text(_ status: Subprocess.ExitStatus) -> String? { lines == 1 && status == .exited(1) ? first : nil }
}
