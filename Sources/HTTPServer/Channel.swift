import CLinux
import Glibc
import Platform
import TLS

/// The bytes of a connection: as they are, or under TLS. Nothing here waits.
struct Channel: ~Copyable, Sendable {
    private var socket: FileDescriptor?
    /// The socket's number; -1 once it is closed.
    private(set) var raw: Int32
    private var session: TLSSession?
    /// Encrypted bytes that the network has not taken, and how many of them it has.
    private var wire: [UInt8] = []
    private var sent = 0
    private var isBeginning = true
    /// Whether requests can come: without TLS from the first byte on.
    private(set) var isOpen: Bool

    enum Arrival {
        /// Under TLS they may be none.
        case bytes(ArraySlice<UInt8>)
        case nothing
        /// The client has said that it sends no more, or is gone.
        case end
        /// What came is no TLS that is spoken here.
        case refused
        /// What came begins as a request without TLS does.
        case plain
    }

    private static let pieceSize = 64 << 10
    private static let readSize = 16 << 10

    /// Nil where there is no memory for TLS.
    init?(_ socket: consuming FileDescriptor, _ identity: Server.Identity?) {
        isOpen = identity == nil
        if let identity {
            guard let session = TLSSession(identity()) else { return nil }
            self.session = consume session
        }
        raw = socket.raw
        self.socket = consume socket
    }

    var isClosed: Bool { raw < 0 }

    /// Bytes of a client that the session keeps.
    private var kept = 0
    /// Bytes of a client that are kept here, and until its handshake is over those that answer it.
    var held: Int { isOpen ? kept : kept + wire.count }

    /// Whether something is left to be sent of what was encrypted.
    var hasOutput: Bool { !wire.isEmpty }

    mutating func close() {
        raw = -1
        socket = nil
    }

    // MARK: Sending

    enum Sending {
        case done, blocked, broken
    }

    /// Sends from `from` on, and counts it up. `more` says that more follows directly.
    mutating func send(_ piece: [UInt8], from: inout Int, more: Bool) -> Sending {
        if session == nil { return push(piece, &from, more) }
        while true {
            let flushed = flush()
            if flushed != .done || from == piece.count { return flushed }
            let end = min(piece.count, from + Self.pieceSize)
            guard session?.send(piece[from..<end]) ?? false else { return .broken }
            from = end
            wire = session?.takeOutput() ?? []
        }
    }

    /// Sends what is encrypted already.
    mutating func flush() -> Sending {
        if wire.isEmpty { return .done }
        var position = sent
        let result = push(wire, &position, false)
        sent = position
        if result == .done { (wire, sent) = ([], 0) }
        return result
    }

    private func push(_ piece: [UInt8], _ position: inout Int, _ more: Bool) -> Sending {
        while position < piece.count {
            let count = piece.count - position
            let sent = unsafe piece.withUnsafeBytes { bytes in
                unsafe clinux_send(raw, bytes.baseAddress?.advanced(by: position), count, more ? 1 : 0)
            }
            if sent < 0 {
                if errno == EINTR { continue }
                return errno == EAGAIN || errno == EWOULDBLOCK ? .blocked : .broken
            }
            position += sent
        }
        return .done
    }

    // MARK: Receiving

    /// Reads once.
    mutating func receive() -> Arrival {
        var buffer = [UInt8](repeating: 0, count: Self.readSize)
        let got = read(&buffer)
        guard got > 0 else { return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? .nothing : .end }
        if session == nil { return .bytes(buffer[..<got]) }
        if isBeginning, UInt8(ascii: "A")...UInt8(ascii: "Z") ~= buffer[0] {
            session = nil
            isOpen = true
            return .plain
        }
        isBeginning = false
        var plain: [UInt8] = []
        let outcome = session?.receive(buffer[..<got], into: &plain) ?? .failed
        wire.append(contentsOf: session?.takeOutput() ?? [])
        kept = session?.held() ?? 0
        switch outcome {
        case .beginning: return .bytes([])
        case .going:
            isOpen = true
            return .bytes(plain[...])
        // What is whole is still answered.
        case .ended: return plain.isEmpty ? .end : .bytes(plain[...])
        case .failed: return .refused
        }
    }

    /// Reads once, and throws it away. Nil where nothing is there, 0 at the end.
    func skip() -> Int? {
        var buffer = [UInt8](repeating: 0, count: Self.readSize)
        let got = read(&buffer)
        return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? nil : max(0, got)
    }

    private func read(_ buffer: inout [UInt8]) -> Int {
        while true {
            let got = unsafe recv(raw, &buffer, buffer.count, 0)
            if got >= 0 || errno != EINTR { return got }
        }
    }

    // MARK: The end

    /// Says that nothing more will be sent.
    mutating func finish() {
        session?.end()
        wire.append(contentsOf: session?.takeOutput() ?? [])
        // Of a client that takes nothing, this little is lost.
        _ = flush()
        shutdown(raw, Int32(SHUT_WR))
    }
}
