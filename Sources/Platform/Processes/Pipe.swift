import CLinux
import Glibc

/// Both ends of a pipe; the reading one does not block.
package struct Pipe: ~Copyable {
    package let readEnd: FileDescriptor
    package let writeEnd: FileDescriptor

    package init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        try retrying("pipe2") { unsafe clinux_pipe(&ends) }
        readEnd = FileDescriptor(owning: ends[0], path: "a pipe")
        writeEnd = FileDescriptor(owning: ends[1], path: "a pipe")
    }

    /// The reading end; the writing one is closed, so that the end of the writers is seen.
    package consuming func reading() -> FileDescriptor { readEnd }

    /// The writing end; the reading one is closed, so that its readers, of whom another process has one, see the end.
    package consuming func writing() -> FileDescriptor { writeEnd }
}

extension FileDescriptor {
    /// Readable once the process has ended.
    package static func process(_ number: Int32) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try retrying("pidfd_open", "\(number)") { clinux_pidfd(number) }, path: "process \(number)")
    }

    /// Waits for a byte of a pipe; false where the writers are gone.
    package func waitForByte() throws(SystemError) -> Bool {
        var byte: UInt8 = 0
        while true {
            var descriptor = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
            try retrying("poll", path) { unsafe poll(&descriptor, 1, -1) }
            let got = unsafe Glibc.read(raw, &byte, 1)
            if got >= 0 { return got == 1 }
            if errno != EAGAIN && errno != EINTR { throw SystemError("read", path) }
        }
    }

    /// A file in memory that stands at its start: unlike a pipe it never blocks the writer.
    package static func inMemory(_ bytes: [UInt8], name: String) throws(SystemError) -> FileDescriptor {
        let file = FileDescriptor(owning: try retrying("memfd_create") { unsafe clinux_memory_file(name) }, path: name)
        try file.write(bytes)
        try file.seek(to: 0)
        return file
    }
}

/// Runs `body` with a NULL-ended array of C texts.
func withCTexts<Result>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
    let pointers = unsafe texts.map { unsafe strdup($0) }
    defer { unsafe pointers.forEach { unsafe free($0) } }
    return unsafe body(pointers + [nil])
}
