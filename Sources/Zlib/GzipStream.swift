import CZlib

/// Streams in the gzip format (RFC 1952), piece by piece. Checksum and length at their end are verified.
@safe
package struct GzipStream: ~Copyable {
    /// At an address that stays: zlib keeps it.
    private let stream: UnsafeMutablePointer<z_stream>
    private var isBegun = false
    /// Whether the stream has come to its end. What comes behind it is refused.
    package private(set) var isFinished = false

    package init() {
        unsafe stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Gives what the next bytes of the stream hold to `receive`, in pieces of at most 128 KiB.
    package mutating func decompress<Failure: Error>(
        _ input: [UInt8], receive: ([UInt8]) throws(Failure) -> Void, damaged: (ZlibError) -> Failure
    ) throws(Failure) {
        if !isBegun {
            guard unsafe czlib_begin_gzip(stream) == Z_OK else { throw damaged(.damaged("it cannot be started")) }
            isBegun = true
        }
        var position = 0
        var block = [UInt8](repeating: 0, count: 1 << 17)
        while position < input.count || !isFinished {
            if isFinished { throw damaged(.damaged("there are bytes behind the end")) }
            let (status, taken, produced) = step(input, position, &block)
            position += taken
            if produced > 0 { try receive(Array(block[..<produced])) }
            if status == Z_STREAM_END {
                isFinished = true
            } else if status != Z_OK && status != Z_BUF_ERROR {
                throw damaged(.damaged("the data are damaged (result \(status))"))
            } else if taken == 0 && produced == 0 {
                // All that there is was taken.
                return
            }
        }
    }

    private func step(
        _ input: [UInt8], _ position: Int, _ block: inout [UInt8]
    ) -> (status: Int32, taken: Int, produced: Int) {
        var status = Z_OK
        var left = input.count - position
        var room = block.count
        unsafe input.withUnsafeBufferPointer { source in
            unsafe block.withUnsafeMutableBufferPointer { target in
                // zlib does not write to its input.
                unsafe stream.pointee.next_in = source.baseAddress.map { unsafe UnsafeMutablePointer(mutating: $0 + position) }
                unsafe stream.pointee.avail_in = UInt32(clamping: left)
                unsafe stream.pointee.next_out = target.baseAddress
                unsafe stream.pointee.avail_out = UInt32(clamping: room)
                unsafe status = inflate(stream, Z_NO_FLUSH)
                unsafe left = Int(stream.pointee.avail_in)
                unsafe room = Int(stream.pointee.avail_out)
            }
        }
        return (status, input.count - position - left, block.count - room)
    }
}
