import CTLS

/// The server's end of one connection: what came from the network goes in, what goes to the network comes out. It belongs to one thread at
/// a time.
@safe
package struct TLSSession: ~Copyable, Sendable {
    private nonisolated(unsafe) let connection: OpaquePointer
    /// Bytes that came before the handshake was over.
    private var unchecked = 0
    private var kept = 0

    package enum Outcome: Sendable {
        /// The handshake is not over.
        case beginning
        case going
        /// The client has said that nothing more comes.
        case ended
        /// What came is no TLS, or not one that is spoken here. What is to be sent says so.
        case failed
    }

    /// A handshake without certificates of the client needs a few hundred.
    private static let mostUnchecked = 64 << 10
    private static let recordSize = 16 << 10

    /// Nil where there is no memory for it.
    package init?(_ identity: TLSIdentity) {
        let made = unsafe Self.connection(identity)
        guard let made = unsafe made else { return nil }
        unsafe connection = made
    }

    private static func connection(_ identity: TLSIdentity) -> OpaquePointer? {
        guard let connection = unsafe SSL_new(identity.context) else { return nil }
        guard let input = unsafe BIO_new(BIO_s_mem()), let output = unsafe BIO_new(BIO_s_mem()) else {
            unsafe SSL_free(connection)
            return nil
        }
        // They are the session's from here on.
        unsafe SSL_set_bio(connection, input, output)
        unsafe SSL_set_accept_state(connection)
        return unsafe connection
    }

    deinit { unsafe SSL_free(connection) }

    /// Whether the handshake is over.
    private var isOpen: Bool { unsafe SSL_is_init_finished(connection) == 1 }

    /// Takes bytes of the network, and appends what they say to `plain`.
    package mutating func receive(_ bytes: ArraySlice<UInt8>, into plain: inout [UInt8]) -> Outcome {
        ERR_clear_error()
        defer { ERR_clear_error() }
        let taken = unsafe bytes.withUnsafeBytes { unsafe BIO_write(SSL_get_rbio(connection), $0.baseAddress, Int32($0.count)) }
        guard Int(taken) == bytes.count else { return .failed }
        kept += bytes.count
        if !isOpen {
            unchecked += bytes.count
            guard unchecked <= Self.mostUnchecked else { return .failed }
            let status = unsafe SSL_do_handshake(connection)
            if status != 1 { return outcome(status) }
            kept = bytes.count
        }
        defer { countKept(of: bytes.count, hasGrown: !plain.isEmpty) }
        var buffer = [UInt8](repeating: 0, count: Self.recordSize)
        while true {
            let count = unsafe SSL_read(connection, &buffer, Int32(buffer.count))
            guard count > 0 else { return outcome(count) }
            plain.append(contentsOf: buffer[..<Int(count)])
        }
    }

    /// What is kept after records were read, the last of which was in these bytes, if there was one.
    private mutating func countKept(of count: Int, hasGrown: Bool) {
        let isEmpty = unsafe SSL_has_pending(connection) == 0 && BIO_ctrl_pending(SSL_get_rbio(connection)) == 0
        kept = isEmpty ? 0 : hasGrown ? min(kept, count) : kept
    }

    /// Bytes that came and are kept here, since they are no whole handshake or no whole record yet: never less than there are.
    package mutating func held() -> Int { kept }

    private func outcome(_ status: Int32) -> Outcome {
        switch unsafe SSL_get_error(connection, status) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: isOpen ? .going : .beginning
        case SSL_ERROR_ZERO_RETURN: .ended
        default: .failed
        }
    }

    /// Encrypts what is to be said. False where the session is broken.
    package mutating func send(_ plain: ArraySlice<UInt8>) -> Bool {
        ERR_clear_error()
        defer { ERR_clear_error() }
        return unsafe plain.withUnsafeBytes { bytes in
            unsafe bytes.count == 0 || SSL_write(connection, bytes.baseAddress, Int32(bytes.count)) == bytes.count
        }
    }

    /// Says that nothing more will be sent.
    package mutating func end() {
        ERR_clear_error()
        if isOpen { _ = unsafe SSL_shutdown(connection) }
        ERR_clear_error()
    }

    /// What is to go to the network, and was not taken yet.
    package mutating func takeOutput() -> [UInt8] {
        let output = unsafe SSL_get_wbio(connection)
        let count = unsafe BIO_ctrl_pending(output)
        if count == 0 { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        let got = unsafe BIO_read(output, &bytes, Int32(clamping: count))
        return Array(bytes.prefix(Int(max(0, got))))
    }
}
