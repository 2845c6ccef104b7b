// Zstandard: compression of single buffers with libzstd (RFC 8878), with reused contexts and bounded output.

import CZstd

/// What libzstd says of a failed call.
package struct ZstandardError: Error, CustomStringConvertible {
    package let description: String

    init(code: Int) { description = unsafe "zstd: " + String(cString: ZSTD_getErrorName(code)) }
    init(_ text: String) { description = "zstd: " + text }
}

/// Compresses buffers one after the other. Making a context costs more than compressing a small file, so keep one a thread.
@safe
package struct Compressor: ~Copyable {
    private let context: OpaquePointer
    private let level: Int32
    private var buffer: [UInt8] = []

    package init(level: Int32) {
        guard let context = unsafe ZSTD_createCCtx() else { fatalError("zstd: no memory for a context") }
        unsafe self.context = context
        self.level = level
    }

    deinit { unsafe _ = ZSTD_freeCCtx(context) }

    /// One frame. The result depends on the input, the level and libzstd's version only.
    package mutating func compress<Result>(_ input: Span<UInt8>, _ body: (Span<UInt8>) -> Result) throws(ZstandardError) -> Result
    {
        let bound = ZSTD_compressBound(input.count)
        if buffer.count < bound { buffer = [UInt8](repeating: 0, count: bound) }
        let context = unsafe self.context
        let level = self.level
        let size = unsafe input.withUnsafeBufferPointer { input in
            unsafe buffer.withUnsafeMutableBytes {
                unsafe ZSTD_compressCCtx(context, $0.baseAddress, $0.count, input.baseAddress, input.count, level)
            }
        }
        if ZSTD_isError(size) != 0 { throw ZstandardError(code: size) }
        return body(buffer.span.extracting(0..<size))
    }

    /// One frame, as bytes of its own.
    package mutating func compressed(_ input: Span<UInt8>) throws(ZstandardError) -> [UInt8] {
        try compress(input) { frame in unsafe frame.withUnsafeBufferPointer { unsafe Array($0) } }
    }
}

/// Decompresses buffers one after the other.
@safe
package struct Decompressor: ~Copyable {
    private let context: OpaquePointer

    package init() {
        guard let context = unsafe ZSTD_createDCtx() else { fatalError("zstd: no memory for a context") }
        unsafe self.context = context
    }

    deinit { unsafe _ = ZSTD_freeDCtx(context) }

    /// One frame whose contents are exactly `size` bytes: more or less is an error, so that a hostile frame costs no more memory.
    package mutating func decompress(_ input: Span<UInt8>, size: Int) throws(ZstandardError) -> [UInt8] {
        let context = unsafe self.context
        var failure: ZstandardError?
        let output = unsafe [UInt8](unsafeUninitializedCapacity: size) { output, count in
            let got = unsafe input.withUnsafeBytes {
                unsafe ZSTD_decompressDCtx(context, output.baseAddress, size, $0.baseAddress, $0.count)
            }
            if ZSTD_isError(got) != 0 {
                failure = ZstandardError(code: got)
            } else if got != size {
                failure = ZstandardError("\(got) bytes came out instead of \(size)")
            } else {
                count = size
            }
        }
        if let failure { throw failure }
        return output
    }
}
