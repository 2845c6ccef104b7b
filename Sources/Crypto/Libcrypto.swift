import CCrypto

/// What libcrypto must be told before it fetches an algorithm by name.
enum Libcrypto {
    /// The system's openssl.cnf has no say in what a digest or a cipher is, and reading it costs a millisecond.
    static let isReady = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil) == 1
}
