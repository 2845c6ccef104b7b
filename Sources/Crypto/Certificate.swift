import CCrypto

/// An X.509 certificate (RFC 5280), read by libcrypto: who it is of, until when, and by which key. Nothing of it is verified.
package struct Certificate: Hashable, Sendable {
    /// `CN = web.example.org, O = Example`; control characters are escaped.
    package let subject: String
    package let issuer: String
    /// Upper-case hexadecimal digits.
    package let serial: String
    /// Seconds since 1970.
    package let notBefore: Int64
    package let notAfter: Int64
    /// Of the certificate's own bytes.
    package let fingerprint: Digest
    /// `RSA`, `EC`, `ED25519`; empty where libcrypto does not know the key.
    package let keyType: String
    package let keyBits: Int
    /// Whether it may sign other certificates.
    package let isAuthority: Bool
    package let isSelfIssued: Bool

    /// A certificate of more bytes is refused.
    package static let maximumSize = 1 << 20

    /// Nil where the bytes are not one certificate in DER.
    package init?(der: [UInt8]) {
        guard Libcrypto.isReady, !der.isEmpty, der.count <= Self.maximumSize, let handle = Handle(der) else { return nil }
        subject = handle.subject
        issuer = handle.issuer
        serial = handle.serial
        guard let start = handle.notBefore, let end = handle.notAfter else { return nil }
        notBefore = start
        notAfter = end
        fingerprint = SHA256.digest(of: der)
        (keyType, keyBits) = handle.key
        isAuthority = handle.isAuthority
        isSelfIssued = subject == issuer
    }
}

/// One certificate of libcrypto's.
@safe
private struct Handle: ~Copyable {
    private let certificate: OpaquePointer

    init?(_ der: [UInt8]) {
        let parsed = unsafe der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var position = buffer.baseAddress
            let start = unsafe position
            guard let certificate = unsafe d2i_X509(nil, &position, buffer.count) else { return nil }
            // Bytes behind it are no part of it.
            guard let start = unsafe start, let end = unsafe position, unsafe end - start == buffer.count else {
                unsafe X509_free(certificate)
                return nil
            }
            return unsafe certificate
        }
        // What libcrypto has to say of a failure would be told of the next one.
        ERR_clear_error()
        guard let parsed = unsafe parsed else { return nil }
        unsafe certificate = parsed
    }

    deinit { unsafe X509_free(certificate) }

    var subject: String { unsafe text(X509_get_subject_name(certificate)) }
    var issuer: String { unsafe text(X509_get_issuer_name(certificate)) }
    var notBefore: Int64? { unsafe seconds(X509_get0_notBefore(certificate)) }
    var notAfter: Int64? { unsafe seconds(X509_get0_notAfter(certificate)) }
    var isAuthority: Bool { unsafe X509_check_ca(certificate) > 0 }

    var serial: String {
        guard let number = unsafe ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nil) else { return "" }
        defer { unsafe BN_free(number) }
        guard let digits = unsafe BN_bn2hex(number) else { return "" }
        defer { unsafe CRYPTO_free(digits, #file, #line) }
        return unsafe String(cString: digits)
    }

    var key: (type: String, bits: Int) {
        defer { ERR_clear_error() }
        guard let key = unsafe X509_get0_pubkey(certificate) else { return ("", 0) }
        let name = unsafe EVP_PKEY_get0_type_name(key).map { unsafe String(cString: $0) } ?? ""
        return unsafe (name, Int(EVP_PKEY_get_bits(key)))
    }

    private func text(_ name: OpaquePointer?) -> String {
        guard let name = unsafe name, let memory = unsafe BIO_new(BIO_s_mem()) else { return "" }
        defer { unsafe BIO_free(memory) }
        // As XN_FLAG_ONELINE, which Swift does not see, but in UTF-8: control characters and special ones escaped.
        let flags = UInt(ASN1_STRFLGS_ESC_2253 | ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_DUMP_UNKNOWN)
        _ = unsafe X509_NAME_print_ex(memory, name, 0, flags | UInt(XN_FLAG_SEP_CPLUS_SPC) | UInt(XN_FLAG_SPC_EQ))
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe BIO_read(memory, &bytes, Int32(bytes.count))
        return String(decoding: bytes.prefix(max(0, Int(count))), as: UTF8.self)
    }

    private func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let time = unsafe time, let epoch = unsafe ASN1_TIME_set(nil, 0) else { return nil }
        defer { unsafe ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard unsafe ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Int64(days) * 86400 + Int64(seconds)
    }
}
