import Model

/// The permission bits of a file, as people write them: octal, `0644` or `4755`.
package struct FileMode: Hashable, Sendable {
    package let bits: UInt16

    package init(_ bits: UInt16) { self.bits = bits }

    /// One to four octal digits, also with a leading `0o`.
    package init(parsing text: String) throws(Failure) {
        let digits = text.hasPrefix("0o") ? text.dropFirst(2) : text[...]
        guard (1...4).contains(digits.utf8.count), let bits = UInt16(digits, radix: 8), digits.utf8.first != UInt8(ascii: "+")
        else { throw Failure(.invalid, "\"\(text)\" is not a mode", hint: "write it in octal, like 0644") }
        self.bits = bits
    }

    /// The same with an execute bit wherever there is a read bit, as `chmod`'s `X` gives to directories.
    package var ofDirectory: FileMode { FileMode(bits | (bits & 0o444) >> 2) }
}
