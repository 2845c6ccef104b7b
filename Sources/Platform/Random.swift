import CLinux

/// Randomness of the operating system.
package enum Random {
    package static func bytes(_ count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        if unsafe clinux_random(&bytes, count) != 0 { throw SystemError("getrandom") }
        return bytes
    }

    /// Sixteen hexadecimal digits, for names that must not meet.
    package static func token() throws(SystemError) -> String { token(of: try bytes(tokenSize)) }

    static let tokenSize = 8

    static func token(of bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
