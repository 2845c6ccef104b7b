import HTTP
import Model

/// What the actions that download and upload have of the world outside of the image. They run on the host and edit the tree; nothing
/// of the image runs for them.
package struct Transfers: Sendable {
    package var http: any HTTPClient
    /// Where requests may go. The endpoint of the object storage, which the operator sets, is let through besides.
    package var policy: AddressPolicy
    package var storage: ObjectStorageSettings

    package init(http: any HTTPClient, policy: AddressPolicy = .outside, storage: ObjectStorageSettings) {
        self.http = http
        self.policy = policy
        self.storage = storage
    }

    /// The curl program and the settings that the variables name. Nothing is started or read yet.
    package static func system(variables: [String: String]) -> Transfers {
        Transfers(http: Curl(), storage: ObjectStorageSettings(variables: variables))
    }
}

extension Failure {
    init(_ error: HTTPError, task: String) {
        let (code, hint): (Code, String?) =
            switch error.kind {
            case .badAddress: (.invalid, nil)
            case .refusedAddress:
                (.denied, "a build may not reach this machine's own services; put the file where other machines reach it too")
            case .hostNotFound, .notConnected, .timeout, .interrupted, .encryption, .other: (.unavailable, nil)
            case .certificate: (.denied, nil)
            case .redirects: (.failed, nil)
            case .tooLarge: (.exhausted, nil)
            case .cancelled: (.cancelled, nil)
            case .localFile: (.io, nil)
            case .missingProgram: (.unavailable, "install it: apt-get install curl")
            }
        self.init(code, "\(task): \(error.reason)", hint: hint)
    }
}
