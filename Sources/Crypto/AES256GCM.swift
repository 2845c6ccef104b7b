import CCrypto

/// AES-256 in Galois/Counter Mode (NIST SP 800-38D), by libcrypto: nobody without the key reads the bytes or changes them unseen.
package enum AES256GCM {
    package static let keySize = 32
    package static let nonceSize = 12
    private static let tagSize = 16

    /// Returns nonce, encrypted bytes and tag. `authenticating` is not encrypted and not in the result, and must be the same when it
    /// is opened.
    ///
    /// - Parameter nonce: must never be used twice with one key. Random ones are fine for up to 2^32 messages.
    package static func seal(_ plain: [UInt8], key: [UInt8], nonce: [UInt8], authenticating: [UInt8]) -> [UInt8] {
        let cipher = Cipher(key: key, nonce: nonce, encrypts: true)
        cipher.authenticate(authenticating)
        let encrypted = cipher.update(plain)
        precondition(cipher.finish(), "libcrypto did not finish an encryption")
        return nonce + encrypted + cipher.tag(tagSize)
    }

    /// Nil where the bytes were changed, or were sealed with another key or for something else.
    package static func open(_ sealed: [UInt8], key: [UInt8], authenticating: [UInt8]) -> [UInt8]? {
        guard sealed.count >= nonceSize + tagSize else { return nil }
        let cipher = Cipher(key: key, nonce: Array(sealed.prefix(nonceSize)), encrypts: false)
        cipher.authenticate(authenticating)
        let plain = cipher.update(Array(sealed.dropFirst(nonceSize).dropLast(tagSize)))
        cipher.setTag(Array(sealed.suffix(tagSize)))
        return cipher.finish() ? plain : nil
    }
}

/// One use of the cipher.
@safe
private struct Cipher: ~Copyable {
    private let context: OpaquePointer

    init(key: [UInt8], nonce: [UInt8], encrypts: Bool) {
        precondition(key.count == AES256GCM.keySize && nonce.count == AES256GCM.nonceSize, "a key or nonce of the wrong size")
        precondition(Libcrypto.isReady, "libcrypto cannot be started")
        guard let context = unsafe EVP_CIPHER_CTX_new() else { fatalError("libcrypto: no memory for a cipher context") }
        let method = unsafe EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)
        precondition(
            unsafe EVP_CipherInit_ex2(context, method, key, nonce, encrypts ? 1 : 0, nil) == 1, "libcrypto has no AES-256-GCM")
        unsafe EVP_CIPHER_free(method)
        unsafe self.context = context
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    func authenticate(_ bytes: [UInt8]) {
        var count: Int32 = 0
        let done = unsafe EVP_CipherUpdate(context, nil, &count, bytes, Int32(bytes.count))
        precondition(done == 1, "libcrypto refused the input of a cipher")
    }

    func update(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.isEmpty { return [] }
        var result = [UInt8](repeating: 0, count: bytes.count)
        var count: Int32 = 0
        let done = unsafe EVP_CipherUpdate(context, &result, &count, bytes, Int32(bytes.count))
        precondition(done == 1 && Int(count) == bytes.count, "libcrypto refused the input of a cipher")
        return result
    }

    /// False where the tag is not the message's.
    func finish() -> Bool {
        var rest = [UInt8](repeating: 0, count: 16)
        var count: Int32 = 0
        return unsafe EVP_CipherFinal_ex(context, &rest, &count) == 1
    }

    func tag(_ size: Int) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: size)
        let done = unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(size), &tag)
        precondition(done == 1, "libcrypto gave no tag")
        return tag
    }

    func setTag(_ tag: [UInt8]) {
        var tag = tag
        let done = unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag)
        precondition(done == 1, "libcrypto refused a tag")
    }
}
