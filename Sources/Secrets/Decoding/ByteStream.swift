import Archive
import Model

/// Bytes that come piece by piece, and can be looked at before they are taken.
final class ByteStream {
    private let pull: () throws(ArchiveError) -> [UInt8]?
    /// What was looked at, or given back.
    private var ahead: [UInt8] = []
    private var position = 0
    private var ended = false

    init(_ pull: @escaping () throws(ArchiveError) -> [UInt8]?) { self.pull = pull }

    convenience init(_ bytes: [UInt8]) {
        var rest: [UInt8]? = bytes
        self.init { () throws(ArchiveError) in
            defer { rest = nil }
            return rest
        }
    }

    /// What was taken from a stream, and the rest of it.
    convenience init(_ bytes: [UInt8], then rest: ByteStream) {
        var first: [UInt8]? = bytes
        self.init { () throws(ArchiveError) in
            if let bytes = first, !bytes.isEmpty {
                first = nil
                return bytes
            }
            return try rest.next()
        }
    }

    /// The next bytes, as they come; nil at the end.
    func next() throws(ArchiveError) -> [UInt8]? {
        if position < ahead.count {
            defer { (ahead, position) = ([], 0) }
            return position == 0 ? ahead : Array(ahead[position...])
        }
        if ended { return nil }
        guard let bytes = try pull(), !bytes.isEmpty else {
            ended = true
            return nil
        }
        return bytes
    }

    /// Up to `count` bytes without taking them.
    func peek(_ count: Int) throws(ArchiveError) -> [UInt8] {
        try fill(count)
        // A whole file mostly comes as one piece, which need not be copied.
        if position == 0 && count >= ahead.count { return ahead }
        return Array(ahead[position..<min(ahead.count, position + count)])
    }

    /// Takes `count` bytes, fewer at the end.
    func take(_ count: Int) throws(ArchiveError) -> [UInt8] {
        let bytes = try peek(count)
        position += bytes.count
        return bytes
    }

    /// Passes over `count` bytes; false where the stream ends before.
    func skip(_ count: Int) throws(ArchiveError) -> Bool {
        var left = count
        while left > 0 {
            if position == ahead.count {
                guard let bytes = try next() else { return false }
                (ahead, position) = (bytes, 0)
            }
            let step = min(left, ahead.count - position)
            position += step
            left -= step
        }
        return true
    }

    private func fill(_ count: Int) throws(ArchiveError) {
        while ahead.count - position < count && !ended {
            guard let bytes = try pull(), !bytes.isEmpty else {
                ended = true
                return
            }
            if position == ahead.count {
                ahead = bytes
            } else {
                ahead.removeFirst(position)
                ahead += bytes
            }
            position = 0
        }
    }
}
