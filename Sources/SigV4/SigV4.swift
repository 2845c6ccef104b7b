// SigV4: AWS Signature Version 4, in the header form and the query form, for those who check requests and those who sign them.
//
// Both make the same canonical request of a message as it is sent (`CanonicalRequest`) and the same signature of it (`SigningKey`). Checking
// (`Verifier`) demands more than a right signature: whatever of a request has a meaning must be covered by it.
import Crypto

/// What of an HTTP request a signature speaks of, as the bytes on the wire have it.
package struct Message: Sendable {
    package var method: String
    /// Percent-encoded, beginning with a slash.
    package var path: String
    /// Percent-encoded, without the question mark.
    package var query: String
    /// In their order on the wire; names in lower case.
    package var fields: [Field]
    package var body: [UInt8]

    package struct Field: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(method: String, path: String, query: String = "", fields: [Field], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
    }

    /// The values of all fields of a name.
    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
}

/// Who signs: what AWS calls an access key.
package struct AccessKey: Sendable, Hashable {
    package var id: String
    package var secret: String
    /// Of temporary credentials.
    package var sessionToken: String?

    package init(id: String, secret: String, sessionToken: String? = nil) {
        self.id = id
        self.secret = secret
        self.sessionToken = sessionToken
    }
}

/// The id alone, also in debuggers and dumps of what holds a key.
extension AccessKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { id }
    package var debugDescription: String { id }
    package var customMirror: Mirror { Mirror(self, children: ["id": id], displayStyle: .struct) }
}
