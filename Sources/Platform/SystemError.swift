import Glibc

/// A failed call of the operating system: which call, on what, and its errno.
package struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The name of the call, `renameat2` say.
    package let call: String
    /// The path or object that the call was about; empty where there is none.
    package let subject: String
    package let errno: Int32

    package init(_ call: String, _ subject: String = "", errno: Int32 = Glibc.errno) {
        self.call = call
        self.subject = subject
        self.errno = errno
    }

    /// What errno says, in the C locale's words.
    package var reason: String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard unsafe strerror_r(errno, &buffer, buffer.count) == 0 else { return "error \(errno)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    package var description: String { subject.isEmpty ? "\(call): \(reason)" : "\(call) \(subject): \(reason)" }

    package var isNotFound: Bool { errno == ENOENT || errno == ENOTDIR }
    package var isAddressInUse: Bool { errno == EADDRINUSE }
    package var isDenied: Bool { [EACCES, EPERM, EROFS].contains(errno) }
    package var isNoSpace: Bool { errno == ENOSPC || errno == EDQUOT || errno == EFBIG }
}

/// Runs a call that returns -1 on error, again as long as a signal interrupts it.
@discardableResult
package func retrying<Result: FixedWidthInteger & SignedInteger>(
    _ call: String, _ subject: @autoclosure () -> String = "", _ body: () -> Result
) throws(SystemError) -> Result {
    while true {
        let result = body()
        if result != -1 { return result }
        let code = errno
        if code != EINTR { throw SystemError(call, subject(), errno: code) }
    }
}
