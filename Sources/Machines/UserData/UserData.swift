import Archive
import Model
import Text

/// What an instance is told to carry out at its first boot, in the forms of cloud-init: scripts, `#cloud-config`, several of them in a MIME
/// multipart message, each of these also under gzip.
package struct UserData: Hashable, Sendable {
    package enum Part: Hashable, Sendable {
        /// Begins with `#!`.
        case script([UInt8])
        /// A script that is run before all else.
        case hook([UInt8])
        case configuration(CloudConfiguration)
        /// Nothing that is carried out here; why.
        case ignored(String)
    }

    package private(set) var parts: [Part] = []

    /// As it was given, decompressed: what an image's own cloud-init reads.
    package let bytes: [UInt8]

    enum Limit {
        /// Of user data as a caller gives it, before base64: EC2's own.
        static let bytes = 16_384
        /// After decompression.
        static let decompressed = 1 << 20
        static let parts = 100
        /// Messages in one another.
        static let depth = 4
    }

    /// `text` is in base64, as EC2 takes it. Throws `.invalid` where it is none, or larger than the limits.
    package init(base64 text: String) throws(Failure) {
        guard text.utf8.count <= Limit.bytes * 2, let bytes = Base64.decode(text.utf8), bytes.count <= Limit.bytes else {
            throw Failure(.invalid, "the user data is not base64 of at most \(Limit.bytes) bytes")
        }
        try self.init(bytes)
    }

    package init(_ bytes: [UInt8]) throws(Failure) {
        self.bytes = try Self.decompressed(bytes)
        try add(self.bytes, type: nil, depth: 0)
    }

    /// What is not under gzip stays as it is.
    static func decompressed(_ bytes: [UInt8]) throws(Failure) -> [UInt8] {
        guard bytes.starts(with: [0x1F, 0x8B]) else { return bytes }
        do throws(ArchiveError) { return try Decompression.whole(of: bytes, limit: Limit.decompressed) } catch {
            throw Failure(.invalid, "the user data cannot be decompressed", cause: error)
        }
    }

    /// - Parameter type: what a message says that the part is; nil where its first bytes tell.
    private mutating func add(_ bytes: [UInt8], type: String?, depth: Int) throws(Failure) {
        guard parts.count < Limit.parts else { throw Failure(.invalid, "the user data has more than \(Limit.parts) parts") }
        let bytes = depth > 0 ? try Self.decompressed(bytes) : bytes
        if bytes.isEmpty { return }
        if type == nil || type?.hasPrefix("multipart/") == true || type == "text/plain", let message = MIMEMessage(bytes),
            let boundary = message.boundary
        {
            guard depth < Limit.depth else {
                throw Failure(.invalid, "the user data has messages in one another, more than \(Limit.depth) deep")
            }
            for part in try MIMEMessage.parts(of: message.body, boundary: boundary, limit: Limit.parts) {
                guard let content = part.decodedBody else {
                    parts.append(.ignored("a part whose transfer encoding is unknown"))
                    continue
                }
                // A message in a part stands with its own head before it.
                let isMessage = part.boundary != nil
                try add(isMessage ? part.whole : content, type: part.type, depth: depth + 1)
            }
            return
        }
        parts.append(try Self.part(bytes, type: type))
    }

    private static func part(_ bytes: [UInt8], type: String?) throws(Failure) -> Part {
        let first = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        switch type {
        case "text/cloud-config": return .configuration(try CloudConfiguration(bytes))
        case "text/x-shellscript": return .script(bytes)
        case "text/cloud-boothook": return .hook(bytes)
        default: break
        }
        if first.hasPrefix("#!") { return .script(bytes) }
        if first.hasPrefix("#cloud-config") { return .configuration(try CloudConfiguration(bytes)) }
        if first.hasPrefix("#cloud-boothook") { return .hook(bytes) }
        return .ignored(type.map { "a part of the type \($0.prefix(60))" } ?? "a part that begins with '\(first.prefix(40))'")
    }
}
