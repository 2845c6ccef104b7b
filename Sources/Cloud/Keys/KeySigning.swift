import Crypto
import Model
import SQLite

// Signatures and authentication codes.
extension EmbeddedActions {
    func publicKey(_ selection: KeySelection) throws(Failure) -> (key: KeyRecord, bytes: [UInt8]) {
        let key = try usable(selection, for: .getPublicKey) { key in
            guard [.rsa, .ecc].contains(key.spec.family) else {
                throw Failure(.unsupported("\(key.arn) is not an asymmetric key."))
            }
        }
        return (key.key, try EmbeddedRegion.pair(try material(of: key), of: key.key.arn).subjectPublicKeyInfo)
    }

    func sign(
        _ message: SignedMessage, with selection: KeySelection, _ algorithm: SigningAlgorithm
    ) throws(Failure) -> KeyOutcome {
        let (key, pair) = try signingKey(selection, algorithm, for: .sign)
        let digest = try Self.digest(of: message, algorithm)
        guard let signature = pair.signature(ofDigest: digest, algorithm.hash, algorithm.scheme) else {
            throw Failure(.bug, "the key \(key.arn) makes no signature")
        }
        return KeyOutcome(key: key.arn, bytes: signature)
    }

    func verify(
        _ signature: [UInt8], of message: SignedMessage, with selection: KeySelection, _ algorithm: SigningAlgorithm
    ) throws(Failure) -> KeyARN {
        let (key, pair) = try signingKey(selection, algorithm, for: .verify)
        let digest = try Self.digest(of: message, algorithm)
        guard pair.verifies(signature, ofDigest: digest, algorithm.hash, algorithm.scheme) else {
            throw Failure(PlaneError(.kmsInvalidSignatureException, ""))
        }
        return key.arn
    }

    func sharedSecret(of selection: KeySelection, with publicKey: [UInt8]) throws(Failure) -> (key: KeyRecord, bytes: [UInt8]) {
        let usable = try usable(selection, for: .deriveSharedSecret) { key in
            guard key.usage == .keyAgreement else {
                throw Failure(.invalidUsage(key.usage, for: KeyOperation.deriveSharedSecret.rawValue, on: key.arn))
            }
        }
        let pair = try EmbeddedRegion.pair(try material(of: usable), of: usable.key.arn)
        guard let other = AsymmetricKey(subjectPublicKeyInfo: publicKey), let secret = pair.sharedSecret(with: other) else {
            throw Failure(
                .kmsValidation("The public key is no valid key of the curve of \(usable.key.arn), \(usable.key.spec.rawValue)."))
        }
        return (usable.key, secret)
    }

    private func signingKey(
        _ selection: KeySelection, _ algorithm: SigningAlgorithm, for operation: KeyOperation
    ) throws(Failure) -> (key: KeyRecord, pair: AsymmetricKey) {
        let key = try usable(selection, for: operation) { key in
            guard key.usage == .signVerify else {
                throw Failure(.invalidUsage(key.usage, for: operation.rawValue, on: key.arn))
            }
            guard key.spec.signingAlgorithms.contains(algorithm) else {
                throw Failure(
                    PlaneError(
                        .invalidKeyUsageException,
                        "Algorithm \(algorithm.rawValue) is incompatible with key spec \(key.spec.rawValue)."))
            }
        }
        return (key.key, try EmbeddedRegion.pair(try material(of: key), of: key.key.arn))
    }

    private static func digest(of message: SignedMessage, _ algorithm: SigningAlgorithm) throws(Failure) -> [UInt8] {
        switch message {
        case .raw(let bytes): return algorithm.hash.digest(of: bytes)
        case .digest(let bytes):
            guard bytes.count == algorithm.hash.byteCount else {
                throw Failure(.kmsValidation("Digest is invalid length for algorithm \(algorithm.rawValue)."))
            }
            return bytes
        }
    }

    func authenticationCode(
        of message: [UInt8], with selection: KeySelection, _ algorithm: MACAlgorithm
    ) throws(Failure) -> KeyOutcome {
        try code(of: message, with: selection, algorithm, for: .generateMAC)
    }

    func verify(
        code: [UInt8], of message: [UInt8], with selection: KeySelection, _ algorithm: MACAlgorithm
    ) throws(Failure) -> KeyARN {
        let own = try self.code(of: message, with: selection, algorithm, for: .verifyMAC)
        guard ConstantTime.areEqual(own.bytes, code) else { throw Failure(PlaneError(.kmsInvalidMACException, "")) }
        return own.key
    }

    private func code(
        of message: [UInt8], with selection: KeySelection, _ algorithm: MACAlgorithm, for operation: KeyOperation
    ) throws(Failure) -> KeyOutcome {
        let key = try usable(selection, for: operation) { key in
            guard key.usage == .generateVerifyMAC, key.spec.macAlgorithms.contains(algorithm) else {
                throw Failure(.invalidUsage(key.usage, for: operation.rawValue, on: key.arn))
            }
        }
        return KeyOutcome(key: key.key.arn, bytes: algorithm.hash.authenticationCode(of: message, key: try material(of: key)))
    }
}

extension SigningAlgorithm {
    fileprivate var hash: SHA2 { SHA2(rawValue: digestBits) ?? .sha256 }

    fileprivate var scheme: AsymmetricKey.Scheme {
        switch self {
        case .pssSHA256, .pssSHA384, .pssSHA512: .pss
        case .pkcs1SHA256, .pkcs1SHA384, .pkcs1SHA512: .pkcs1
        case .ecdsaSHA256, .ecdsaSHA384, .ecdsaSHA512: .ecdsa
        }
    }
}

extension MACAlgorithm {
    fileprivate var hash: SHA2 {
        switch self {
        case .sha224: .sha224
        case .sha256: .sha256
        case .sha384: .sha384
        case .sha512: .sha512
        }
    }
}
