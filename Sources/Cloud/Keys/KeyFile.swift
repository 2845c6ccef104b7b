import Crypto
import Model
import Platform

/// A key under which a region's secrets are encrypted: a file of the region, made when it is first needed. Only the owner of the workspace
/// can read it, and it is never written over: what was encrypted under a lost key is lost.
struct KeyFile {
    /// What the key is for.
    enum Purpose {
        /// The values of secure parameters.
        case parameters
        /// The material of the keys of KMS.
        case keyMaterial
        /// The tokens with which instances ask for their metadata.
        case metadataTokens

        fileprivate var magic: String {
            switch self {
            case .parameters: "ingot parameter key 1\n"
            case .keyMaterial: "ingot master key 1\n"
            case .metadataTokens: "ingot metadata key 1\n"
            }
        }

        fileprivate var file: String {
            switch self {
            case .parameters: "parameters.key"
            case .keyMaterial: "master.key"
            case .metadataTokens: "metadata.key"
            }
        }

        fileprivate var failpoint: StaticString {
            switch self {
            case .parameters: "parameters.keyed"
            case .keyMaterial: "keys.keyed"
            case .metadataTokens: "metadata.keyed"
            }
        }

        fileprivate var noun: String {
            switch self {
            case .parameters: "the key of the secure parameters"
            case .keyMaterial: "the master key"
            case .metadataTokens: "the key of the tokens for metadata"
            }
        }
    }

    private let purpose: Purpose
    private let folder: String
    private let region: RegionName
    private let environment: Environment

    init(_ purpose: Purpose, folder: String, region: RegionName, environment: Environment) {
        self.purpose = purpose
        self.folder = folder
        self.region = region
        self.environment = environment
    }

    /// For messages.
    private var subject: String { "\(purpose.noun) of \(region)" }

    private var path: String { "\(folder)/\(purpose.file)" }

    /// The key that is there.
    func load() throws(Failure) -> [UInt8] {
        guard let key = try loadIfPresent() else { throw missing }
        return key
    }

    /// The key, which is durable when this returns. `isNeeded`, where something is encrypted already, so that none may be made.
    func loadOrMake(isNeeded: Bool) throws(Failure) -> [UInt8] {
        var key = try loadIfPresent()
        if key == nil {
            if isNeeded { throw missing }
            try make()
            key = try loadIfPresent()
        }
        guard let key else { throw missing }
        // Somebody else may have made it a moment ago, and not have come to this.
        try attempt("keep") { () throws(SystemError) in
            try Files.synchronizeFolder(folder)
            try environment.failpoint(purpose.failpoint)
        }
        return key
    }

    private var missing: Failure {
        Failure(.corrupt, "\(subject) is missing", hint: "restore \(path) from a copy")
    }

    private func loadIfPresent() throws(Failure) -> [UInt8]? {
        let found: [UInt8]?
        do throws(SecretFile.Problem) { found = try SecretFile.read(path, limit: 4096) } catch {
            throw Failure(error, of: subject, at: path, remedy: "run chmod 0600 \(path), and change the secrets")
        }
        guard let bytes = found else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.hasPrefix(purpose.magic), text.hasSuffix("\n"),
            let key = Digest(hex: text.dropFirst(purpose.magic.count).dropLast())
        else {
            throw Failure(
                .corrupt, "\(subject) is damaged", hint: "restore \(path) from a copy")
        }
        return key.bytes
    }

    /// Two that do this at once both use the key of the first: a name that exists is not written over.
    private func make() throws(Failure) {
        try attempt("make") { () throws(SystemError) in
            guard let key = Digest(bytes: try environment.random(AES256GCM.keySize)) else { return }
            _ = try SecretFile.make(path, Array("\(purpose.magic)\(key.hex)\n".utf8), token: try environment.token())
        }
    }

    private func attempt(_ verb: String, _ body: () throws(SystemError) -> Void) throws(Failure) {
        do throws(SystemError) { try body() } catch {
            throw Failure(
                error.isNoSpace ? .exhausted : .io, "cannot \(verb) \(subject)", cause: error)
        }
    }
}
