/// Capital letters and the digits 2 to 7, of which the ids of access keys and roles are made.
package enum IdentifierLetters {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)

    /// A letter for each byte, of its low five bits.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.map { letters[Int($0 & 31)] }, as: UTF8.self)
    }
}
