import Hyperscan
import Model

/// A value that must not occur, such as a host key that was removed or a password that a build was given.
package struct KnownValue: Hashable, Sendable {
    /// What the value is, for reports: `ssh host key`, `env:API_TOKEN`. Never the value.
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// Where a known value occurs.
package struct KnownValueHit: Hashable, Sendable {
    /// The position of the value in the list that was searched for.
    package let value: Int
    package let encoding: ValueEncoding
    /// The offset behind its last byte in the stream.
    package let end: UInt64

    package init(value: Int, encoding: ValueEncoding, end: UInt64) {
        self.value = value
        self.encoding = encoding
        self.end = end
    }
}

/// Searches any stream of bytes for thousands of known values, each in all of `ValueEncoding`, in one pass.
///
///     let search = try KnownValueSearch(values)
///     var scan = try search.begin()
///     while let bytes = try next() { try scan.append(bytes.span) }
///     scan.hits
///
/// Memory does not grow with the stream. The search is immutable and for all threads; each scan is one thread's.
package final class KnownValueSearch: Sendable {
    package let values: [KnownValue]
    /// Values shorter than `minimumLength`, by name: they occur by chance, so nothing is said about them.
    package let tooShort: [String]
    let database: LiteralDatabase?
    let forms: [Form]
    let longest: Int

    struct Form: Sendable {
        let value: Int
        let encoding: ValueEncoding
        let length: Int
    }

    /// In bytes. Four bytes occur by chance once in four gigabytes of noise.
    package static let minimumLength = 4
    /// The number of values, and the bytes of one.
    package static let maximumCount = 100_000
    package static let maximumLength = 4096

    /// Of values longer than `maximumLength` the first that many bytes are searched for.
    package init(_ values: [KnownValue]) throws(Failure) {
        guard values.count <= Self.maximumCount else {
            throw Failure(
                .exhausted, "\(values.count) known values are more than the \(Self.maximumCount) that can be searched for")
        }
        self.values = values
        tooShort = values.filter { $0.bytes.count < Self.minimumLength }.map(\.name)
        var literals: [Literal] = []
        var forms: [Form] = []
        for (index, value) in values.enumerated() where value.bytes.count >= Self.minimumLength {
            for (encoding, bytes) in ValueEncoding.forms(of: Array(value.bytes.prefix(Self.maximumLength))) {
                literals.append(Literal(bytes))
                forms.append(Form(value: index, encoding: encoding, length: bytes.count))
            }
        }
        self.forms = forms
        longest = literals.map(\.bytes.count).max() ?? 0
        do throws(HyperscanError) {
            database = literals.isEmpty ? nil : try LiteralDatabase(literals)
        } catch { throw ScanEngine.failure(error) }
    }

    /// The length of the longest form of a value, in bytes.
    package var longestForm: Int { longest }

    package func begin() throws(Failure) -> KnownValueScan { try KnownValueScan(self) }

    /// Searches bytes that are all in memory.
    package func hits(in bytes: [UInt8]) throws(Failure) -> [KnownValueHit] {
        var scan = try begin()
        try scan.append(bytes.span)
        return scan.hits
    }
}
