import CHyperscan

/// What one thread needs to scan with a database.
@safe
package final class ScanSpace {
    private let database: LiteralDatabase
    private let scratch: OpaquePointer

    package init(for database: LiteralDatabase) throws(HyperscanError) {
        var scratch: OpaquePointer?
        let status = unsafe hs_alloc_scratch(database.database, &scratch)
        guard status == HS_SUCCESS, let scratch = unsafe scratch else {
            throw HyperscanError("cannot make a scratch space", status)
        }
        self.database = database
        unsafe self.scratch = scratch
    }

    deinit { unsafe _ = hs_free_scratch(scratch) }

    /// Appends where literals end, in the order of their ends; each end of each literal once.
    package func scan(_ bytes: Span<UInt8>, into hits: inout [LiteralHit]) throws(HyperscanError) {
        guard bytes.count <= Int(UInt32.max) else { throw HyperscanError("cannot scan \(bytes.count) bytes at once") }
        if bytes.isEmpty { return }
        let scratch = unsafe self.scratch
        let database = unsafe self.database.database
        let status = unsafe withUnsafeMutablePointer(to: &hits) { hits in
            unsafe bytes.withUnsafeBytes {
                unsafe hs_scan(
                    database, $0.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32($0.count), 0, scratch, note, hits)
            }
        }
        if status != HS_SUCCESS { throw HyperscanError("cannot scan", status) }
    }

    package func scan(_ bytes: [UInt8], into hits: inout [LiteralHit]) throws(HyperscanError) {
        try scan(bytes.span, into: &hits)
    }
}

/// Called by libhs for each match; zero goes on.
private func note(
    _ id: UInt32, _ from: UInt64, _ to: UInt64, _ flags: UInt32, _ context: UnsafeMutableRawPointer?
) -> Int32 {
    if let context = unsafe context {
        unsafe context.assumingMemoryBound(to: [LiteralHit].self).pointee.append(LiteralHit(literal: Int(id), end: Int(to)))
    }
    return 0
}
