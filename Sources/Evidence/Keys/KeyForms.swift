import Crypto
import Model

extension Ed25519.PublicKey {
    /// Names the key everywhere: the SHA-256 of its `SubjectPublicKeyInfo`, in hexadecimal.
    package var id: String { SHA256.digest(of: subjectPublicKeyInfo).hex }

    /// As `openssl pkey -pubout` writes it.
    package var pem: String { PEM.encode(subjectPublicKeyInfo, label: "PUBLIC KEY") }

    /// Reads what `pem` gives. `what` names the file in messages.
    package init(pem text: String, what: String) throws(Failure) {
        guard let der = PEM.decode(text, label: "PUBLIC KEY") else {
            throw Failure(
                .invalid, "\(what) holds no public key in PEM",
                hint: text.contains("PRIVATE KEY")
                    ? "it holds a private key; `openssl pkey -in FILE -pubout` gives its public half"
                    : "a public key begins with -----BEGIN PUBLIC KEY-----")
        }
        guard let key = Ed25519.PublicKey(subjectPublicKeyInfo: der) else {
            throw Failure(.invalid, "\(what) holds a public key of another kind than Ed25519")
        }
        self = key
    }
}

extension Ed25519.PrivateKey {
    /// As `openssl genpkey -algorithm ed25519` writes it.
    package var pem: String { PEM.encode(pkcs8, label: "PRIVATE KEY") }
}
