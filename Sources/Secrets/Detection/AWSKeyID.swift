/// The id of an AWS access key: four letters for its kind, and base 32 that tells the account.
enum AWSKeyID {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    private static let largestAccount: UInt64 = 999_999_999_999

    /// The twelve digits of the account: forty bits behind the first one. Ids of before 2019 do not have it; in their place the first bit is 0.
    static func account(of id: ArraySlice<UInt8>) -> String? {
        guard id.count == 20 else { return nil }
        var bits: UInt64 = 0
        for byte in id.dropFirst(4).prefix(10) {
            guard let digit = digits.firstIndex(of: byte) else { return nil }
            bits = bits << 5 | UInt64(digit)
        }
        // Fifty bits: one that marks the form, forty of the account, nine of something else.
        guard bits >> 49 == 1, case let account = bits >> 9 & (1 << 40 - 1), account <= largestAccount else { return nil }
        let text = String(account)
        return String(repeating: "0", count: 12 - text.utf8.count) + text
    }
}
