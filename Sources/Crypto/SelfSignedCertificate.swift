import CCrypto

// Certificates that somebody needs for the key in them.
extension AsymmetricKey {
    /// A certificate of this pair (X.509, version 3), signed by itself with SHA-256, in PEM. Times are seconds since 1970. Nil where libcrypto
    /// makes none.
    package func certificate(commonName: String, serial: Int, from start: Int64, to end: Int64) -> [UInt8]? {
        defer { ERR_clear_error() }
        guard let made = unsafe X509_new() else { return nil }
        defer { unsafe X509_free(made) }
        guard let name = unsafe X509_get_subject_name(made) else { return nil }
        let text = Array(commonName.utf8)
        let isFilled =
            unsafe X509_set_version(made, 2) == 1 && ASN1_INTEGER_set(X509_get_serialNumber(made), serial) == 1
            && ASN1_TIME_set(X509_getm_notBefore(made), time_t(start)) != nil
            && ASN1_TIME_set(X509_getm_notAfter(made), time_t(end)) != nil
            && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, Int32(text.count), -1, 0) == 1
            && X509_set_issuer_name(made, name) == 1
        guard isFilled, unsafe X509_set_pubkey(made, key) == 1, unsafe X509_sign(made, key, EVP_sha256()) > 0 else { return nil }
        guard let memory = unsafe BIO_new(BIO_s_mem()) else { return nil }
        defer { unsafe BIO_free(memory) }
        guard unsafe PEM_write_bio_X509(memory, made) == 1 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe BIO_read(memory, &bytes, Int32(bytes.count))
        return count > 0 ? Array(bytes.prefix(Int(count))) : nil
    }
}
