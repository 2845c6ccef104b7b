import CCrypto

/// Comparing secrets.
package enum ConstantTime {
    /// In a time that depends on the lengths alone.
    package static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        let count = a.count
        return unsafe a.withUnsafeBytes { a in
            unsafe b.withUnsafeBytes { b in unsafe count == 0 || CRYPTO_memcmp(a.baseAddress, b.baseAddress, count) == 0 }
        }
    }
}
