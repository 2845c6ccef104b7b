import CHyperscan
import Glibc

/// A byte string to be found.
package struct Literal: Hashable, Sendable {
    package let bytes: [UInt8]
    /// Whether ASCII letters match in either case.
    package let ignoresCase: Bool

    package init(_ bytes: [UInt8], ignoresCase: Bool = false) {
        self.bytes = bytes
        self.ignoresCase = ignoresCase
    }

    package init(_ text: String, ignoresCase: Bool = false) { self.init(Array(text.utf8), ignoresCase: ignoresCase) }
}

/// Where a literal ends.
package struct LiteralHit: Hashable, Sendable {
    /// The position of the literal in the list that the database was made of.
    package let literal: Int
    /// The offset behind its last byte.
    package let end: Int

    package init(literal: Int, end: Int) {
        self.literal = literal
        self.end = end
    }
}

/// A compiled set of literals. Immutable, for all threads.
@safe
package final class LiteralDatabase: Sendable {
    nonisolated(unsafe) let database: OpaquePointer

    /// More literals, or longer ones, are refused.
    package static let maximumCount = 1 << 20
    package static let maximumLength = 16 << 10

    /// Compiles literals; each must have a byte at least.
    package init(_ literals: [Literal]) throws(HyperscanError) {
        guard !literals.isEmpty, literals.count <= Self.maximumCount else {
            throw HyperscanError("cannot compile \(literals.count) literals: 1 to \(Self.maximumCount) are allowed")
        }
        guard literals.allSatisfy({ 1...Self.maximumLength ~= $0.bytes.count }) else {
            throw HyperscanError("cannot compile a literal that is empty or longer than \(Self.maximumLength) bytes")
        }
        unsafe database = try Self.compile(literals)
    }

    private static func compile(_ literals: [Literal]) throws(HyperscanError) -> OpaquePointer {
        var texts: [CChar] = []
        var starts: [Int] = []
        for literal in literals {
            starts.append(texts.count)
            texts += literal.bytes.map { CChar(bitPattern: $0) }
        }
        let flags = literals.map { UInt32($0.ignoresCase ? HS_FLAG_CASELESS : 0) }
        let ids = literals.indices.map { UInt32($0) }
        let lengths = literals.map(\.bytes.count)
        var database: OpaquePointer?
        var problem: UnsafeMutablePointer<hs_compile_error_t>?
        let status = unsafe texts.withUnsafeBufferPointer { texts in
            let pointers = unsafe starts.map { start in unsafe texts.baseAddress.map { unsafe $0 + start } }
            return unsafe hs_compile_lit_multi(
                pointers, flags, ids, lengths, UInt32(literals.count), UInt32(HS_MODE_BLOCK), nil, &database, &problem)
        }
        defer { unsafe hs_free_compile_error(problem) }
        guard status == HS_SUCCESS, let database = unsafe database else {
            if let message = unsafe problem?.pointee.message {
                throw HyperscanError("cannot compile \(literals.count) literals: \(unsafe String(cString: message))")
            }
            throw HyperscanError("cannot compile \(literals.count) literals", status)
        }
        return unsafe database
    }

    /// Reads what `serialized` wrote. The bytes must come from a place that only this user writes to: libhs does not verify them.
    package init(serialized bytes: [UInt8]) throws(HyperscanError) {
        var database: OpaquePointer?
        let status = unsafe bytes.withUnsafeBytes {
            unsafe hs_deserialize_database($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, &database)
        }
        guard status == HS_SUCCESS, let database = unsafe database else {
            throw HyperscanError("cannot read a compiled database", status)
        }
        unsafe self.database = database
    }

    deinit { unsafe _ = hs_free_database(database) }

    /// The database as bytes, for `init(serialized:)`.
    package func serialized() throws(HyperscanError) -> [UInt8] {
        var start: UnsafeMutablePointer<CChar>?
        var count = 0
        let status = unsafe hs_serialize_database(database, &start, &count)
        defer { unsafe free(start) }
        guard status == HS_SUCCESS, let start = unsafe start else {
            throw HyperscanError("cannot write a compiled database", status)
        }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
