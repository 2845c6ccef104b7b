import Cloud
import Model

/// Whether new volumes are encrypted.
struct GetEbsEncryptionByDefault: EC2Action {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try call.endDryRun()
        answer.element("ebsEncryptionByDefault", try asking { () throws(Failure) in try call.actions.isEncryptedByDefault() })
    }
}

/// Encrypts all volumes, snapshots and images that are new.
struct EnableEbsEncryptionByDefault: EC2Action {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.encryptByDefault(true) }
        answer.element("ebsEncryptionByDefault", true)
    }
}

/// Encrypts what asks for it.
struct DisableEbsEncryptionByDefault: EC2Action {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try asking { () throws(Failure) in try call.actions.encryptByDefault(false) }
        answer.element("ebsEncryptionByDefault", false)
    }
}

/// The key of what names none.
struct GetEbsDefaultKmsKeyId: EC2Action {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        try call.endDryRun()
        answer.element("kmsKeyId", try asking { () throws(Failure) in try call.actions.defaultEncryptionKey() })
    }
}

/// Chooses the key of what names none.
struct ModifyEbsDefaultKmsKeyId: EC2Action {
    private let key: String

    init(_ input: QueryInput) throws(APIError) { key = try input.required("KmsKeyId") }

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        answer.element("kmsKeyId", try asking { () throws(Failure) in try call.actions.setDefaultEncryptionKey(key) })
    }
}

/// Goes back to AWS's key.
struct ResetEbsDefaultKmsKeyId: EC2Action {
    init(_ input: QueryInput) {}

    func run(_ call: Call, _ answer: inout XMLWriter) throws(APIError) {
        answer.element("kmsKeyId", try asking { () throws(Failure) in try call.actions.setDefaultEncryptionKey(nil) })
    }
}
