import Crypto
import TestSupport
import Testing

@Suite struct `Private keys` {
    @Test func `RSA keys are written as PEM and DER`() {
        guard let key = PrivateKey(.rsa) else {
            Issue.record("libcrypto makes no RSA key")
            return
        }
        let pem = key.encoded(structure: "type-specific", isPEM: true)
        #expect(String(decoding: pem.prefix(31), as: UTF8.self) == "-----BEGIN RSA PRIVATE KEY-----")
        #expect(key.encoded(structure: "PrivateKeyInfo", isPEM: false).first == 0x30)
    }
}
