import Crypto
import ImageStore

/// What a scrub did, operation by operation. As JSON it is the detail of the stage's report; it holds no removed value.
package struct ScrubReport: Hashable, Sendable, Codable {
    package var profile: String
    package var operations: [Operation]
    /// What is odd about the image: homes that cannot be searched, and why.
    package var warnings: [String]

    package struct Operation: Hashable, Sendable, Codable {
        package var id: String
        package var group: ScrubOperation.Group
        package var action: ScrubOperation.Action
        package var status: Status
        /// Why it was skipped or failed.
        package var reason: String?
        /// What was removed or changed, in the order of the tree.
        package var removed: [Evidence]
        /// What else there is to know: accounts that were locked, a unit that was installed.
        package var notes: [String]

        package var bytes: UInt64 { removed.reduce(0) { $0 + $1.bytes } }
    }

    package enum Status: String, Hashable, Sendable, Codable, CaseIterable {
        case done, nothing, skipped, failed
    }

    package struct Evidence: Hashable, Sendable, Codable {
        /// Bytes that are not UTF-8, control characters and backslashes stand as `\xNN`.
        package var path: String
        /// How many bytes are gone.
        package var bytes: UInt64
        /// Names that are gone with the path; 1 for a file.
        package var entries: Int
        /// HMAC-SHA256 of the digest of what was there, in hexadecimal, under a key that is not in the report: equal contents can be
        /// recognized, and none be guessed.
        package var keyedDigest: String
    }

    package var bytes: UInt64 { operations.reduce(0) { $0 + $1.bytes } }
    package var entries: Int { operations.reduce(0) { $0 + $1.removed.reduce(0) { $0 + $1.entries } } }
    package var failed: [Operation] { operations.filter { $0.status == .failed } }
}

extension TreePath {
    /// Whether a path of these bytes is written as it is.
    package static func isPlain(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { (0x20..<0x7F).contains($0) && $0 != 0x5C }
    }

    /// As UTF-8 text that gives the path's bytes back: control characters, backslashes and what is no UTF-8 stand as `\xNN`.
    package var escaped: String {
        let bytes = bytes
        // Almost every path; the rest of this asks about each character.
        if Self.isPlain(bytes[...]) { return String(decoding: bytes, as: UTF8.self) }
        var text = ""
        var rest = bytes[...]
        while !rest.isEmpty {
            let length = (1...4).first { String(validating: rest.prefix($0), as: UTF8.self)?.unicodeScalars.count == 1 } ?? 1
            let piece = rest.prefix(length)
            if let valid = String(validating: piece, as: UTF8.self), valid != "\\",
                !valid.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
            {
                text += valid
            } else {
                for byte in piece { text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16) }
            }
            rest = rest.dropFirst(length)
        }
        return text
    }
}
