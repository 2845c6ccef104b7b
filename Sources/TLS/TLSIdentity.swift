// TLS: the server's side of TLS 1.2 and 1.3 (RFC 5246, RFC 8446), by OpenSSL's libssl.
//
// A session has bytes put in and taken out; the socket is the caller's, who decides when it reads, when it writes and when it gives up. So a
// connection under TLS waits, is limited and is closed as any other. Clients are not asked for certificates.
import CTLS

/// What a server shows to its clients: a chain of certificates, and the key of the first one.
@safe
package final class TLSIdentity: Sendable {
    nonisolated(unsafe) let context: OpaquePointer

    package enum Problem: String, Error, Sendable {
        case unavailable = "libssl cannot be started"
        case chain = "there is no chain of certificates in PEM in it"
        case weak = "its certificate or key is too weak, or of a kind that TLS does not take"
        case key = "there is no private key in PEM in it, or one that asks for a password"
        case mismatch = "the private key is not that of the certificate"
    }

    private static let mostCertificates = 16
    /// Forward secrecy and authenticated encryption alone, for TLS 1.2; 1.3 has nothing else.
    private static let ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20"
    /// 112 bits: RSA of 2048 bits, no SHA-1.
    private static let securityLevel: Int32 = 2

    /// The system's openssl.cnf has no say.
    private static let isReady = OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil) == 1

    /// `chain` and `key` are PEM.
    package init(chain: [UInt8], key: [UInt8]) throws(Problem) {
        guard Self.isReady, let context = unsafe SSL_CTX_new(TLS_server_method()) else { throw .unavailable }
        unsafe self.context = context
        // What libssl has to say of a failure would be told of the next one.
        defer { ERR_clear_error() }
        unsafe SSL_CTX_set_security_level(context, Self.securityLevel)
        unsafe SSL_CTX_set_options(context, ctls_options)
        unsafe ctls_release_buffers(context)
        guard unsafe ctls_set_protocols(context) == 1, unsafe ctls_forget_sessions(context) == 1,
            unsafe SSL_CTX_set_cipher_list(context, Self.ciphers) == 1
        else { throw .unavailable }
        try take(chain: chain)
        try take(key: key)
    }

    deinit { unsafe SSL_CTX_free(context) }

    private func take(chain: [UInt8]) throws(Problem) {
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { throw .unavailable }
        defer { unsafe BIO_free(memory) }
        guard unsafe BIO_write(memory, chain, Int32(clamping: chain.count)) == chain.count else { throw .chain }
        var count = 0
        while let certificate = unsafe PEM_read_bio_X509(memory, nil, Self.noPassword, nil) {
            defer { unsafe X509_free(certificate) }
            count += 1
            guard count <= Self.mostCertificates else { throw .chain }
            let isTaken =
                count == 1
                ? unsafe SSL_CTX_use_certificate(context, certificate) == 1 : unsafe ctls_add_chain(context, certificate) == 1
            guard isTaken else { throw .weak }
        }
        if count == 0 { throw .chain }
    }

    private func take(key: [UInt8]) throws(Problem) {
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { throw .unavailable }
        defer { unsafe BIO_free(memory) }
        guard unsafe BIO_write(memory, key, Int32(clamping: key.count)) == key.count,
            let pair = unsafe PEM_read_bio_PrivateKey(memory, nil, Self.noPassword, nil)
        else { throw .key }
        defer { unsafe EVP_PKEY_free(pair) }
        guard unsafe SSL_CTX_use_PrivateKey(context, pair) == 1, unsafe SSL_CTX_check_private_key(context) == 1 else {
            throw .mismatch
        }
    }

    /// A server asks nobody at a terminal.
    private static let noPassword:
        @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 =
            { _, _, _, _ in -1 }
}
