import Cloud
import FoundationEssentials
import Model

struct CreateKeyPair: EC2Action {
    private let name: String
    private let kind: KeyPair.Kind
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        name = try input.keyName()
        kind = try input.choice("KeyType") ?? .rsa
        if let format = input.string("KeyFormat"), format != "pem" {
            throw APIError("UnsupportedOperation", "Keys are given out as PEM alone, not as \(format.prefix(20)).")
        }
        tags = try input.tagSpecifications("key-pair")["key-pair"] ?? TagSet()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let (pair, material) = try asking { () throws(Failure) in try call.actions.createKeyPair(name, kind, tags: tags) }
        answer.keyPair(pair)
        answer.element("keyMaterial", material)
    }
}

struct ImportKeyPair: EC2Action {
    private let name: String
    private let publicKey: String
    private let tags: TagSet

    init(_ input: QueryInput) throws(APIError) {
        name = try input.keyName()
        let text = try input.required("PublicKeyMaterial")
        guard let bytes = Data(base64Encoded: text), let line = String(validating: bytes, as: UTF8.self) else {
            throw APIError("InvalidKey.Format", "Key is not in valid OpenSSH public key format")
        }
        publicKey = line
        tags = try input.tagSpecifications("key-pair")["key-pair"] ?? TagSet()
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let pair = try asking { () throws(Failure) in try call.actions.importKeyPair(name, publicKey: publicKey, tags: tags) }
        answer.keyPair(pair)
    }
}

struct DeleteKeyPair: EC2Action {
    private let name: String?
    private let id: String?

    init(_ input: QueryInput) throws(APIError) {
        name = input.string("KeyName")
        id = input.string("KeyPairId")
        guard name != nil || id != nil else { throw .missing("KeyName") }
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let gone = try asking { () throws(Failure) -> KeyPairID? in
            if let name { return try call.actions.deleteKeyPair(named: name) }
            guard let id = id.flatMap({ try? KeyPairID(parsing: $0) }) else { return nil }
            return try call.actions.deleteKeyPair(id)
        }
        answer.done()
        answer.element("keyPairId", ifPresent: gone?.description)
    }
}

struct DescribeKeyPairs: EC2Action {
    private let names: [String]
    private let ids: [String]
    private let filters: [ResourceFilter]
    private let showsPublicKey: Bool

    init(_ input: QueryInput) throws(APIError) {
        names = try input.strings("KeyName")
        ids = try input.strings("KeyPairId")
        filters = try input.filters()
        showsPublicKey = try input.bool("IncludePublicKey") ?? false
    }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        let all = try asking { () throws(Failure) in try call.actions.keyPairs() }
        for name in names where !all.contains(where: { $0.name == name }) {
            throw APIError(.notFound(keyPair: String(name.prefix(255))))
        }
        for id in ids where !all.contains(where: { $0.id.description == id }) {
            throw APIError("InvalidKeyPair.NotFound", "The key pair ID '\(id.prefix(60))' does not exist")
        }
        let shown = try all.kept { pair throws(APIError) in
            guard names.isEmpty && ids.isEmpty || names.contains(pair.name) || ids.contains(pair.id.description) else {
                return false
            }
            return try filters.accept(
                ["key-name": [pair.name], "key-pair-id": [pair.id.description], "fingerprint": [pair.fingerprint]],
                tags: pair.tags)
        }
        answer.list("keySet", shown) { pair, xml in
            xml.keyPair(pair)
            xml.element("keyType", pair.kind.rawValue)
            xml.element("createTime", pair.created.withMilliseconds)
            if showsPublicKey { xml.element("publicKey", pair.publicKey) }
        }
    }
}

extension QueryInput {
    fileprivate func keyName() throws(APIError) -> String {
        let name = try required("KeyName")
        guard name.utf8.count <= 255 else { throw .invalid(name, of: "keyName") }
        return name
    }
}

extension XMLWriter {
    fileprivate mutating func keyPair(_ pair: KeyPair) {
        element("keyPairId", pair.id.description)
        element("keyName", pair.name)
        element("keyFingerprint", pair.fingerprint)
        tags(pair.tags)
    }
}
