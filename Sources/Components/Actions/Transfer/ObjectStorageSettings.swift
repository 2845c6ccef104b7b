import HTTP
import Model
import Platform

/// Where the object storage is and who asks, as the AWS tools read it: the one place that knows their variables and files.
///
/// `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`; `AWS_REGION` or `AWS_DEFAULT_REGION`; `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and
/// `AWS_SESSION_TOKEN`, or the profile `AWS_PROFILE` of `~/.aws/credentials` and `~/.aws/config` (`AWS_SHARED_CREDENTIALS_FILE`,
/// `AWS_CONFIG_FILE`).
package struct ObjectStorageSettings: Sendable {
    /// An address without a path. Buckets are named in the path then, and not in the host.
    package var endpoint: String?
    package var region: String?
    package var credentials: AWSCredentials?
    /// Where credentials and region are looked for, where they are not set.
    private var files: Files?

    private struct Files: Sendable {
        let credentials: String
        let configuration: String
        let profile: String
    }

    package init(endpoint: String? = nil, region: String? = nil, credentials: AWSCredentials? = nil) {
        self.endpoint = endpoint
        self.region = region
        self.credentials = credentials
    }

    package init(variables: [String: String]) {
        func first(_ names: String...) -> String? { names.lazy.compactMap { variables[$0] }.first { !$0.isEmpty } }
        endpoint = first("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
        region = first("AWS_REGION", "AWS_DEFAULT_REGION")
        if let id = first("AWS_ACCESS_KEY_ID"), let secret = first("AWS_SECRET_ACCESS_KEY") {
            credentials = AWSCredentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: first("AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"))
        }
        let folder = first("HOME").map { $0 + "/.aws" }
        if let credentials = first("AWS_SHARED_CREDENTIALS_FILE") ?? folder.map({ $0 + "/credentials" }) {
            files = Files(
                credentials: credentials,
                configuration: first("AWS_CONFIG_FILE") ?? folder.map { $0 + "/config" } ?? "",
                profile: first("AWS_PROFILE", "AWS_DEFAULT_PROFILE") ?? "default")
        }
    }

    /// The settings with what the files add. `Failure(.unavailable)` where there are no credentials.
    func access() throws(Failure) -> ObjectStorageAccess {
        let own = try files.map { (files) throws(Failure) in try AWSProfileFile(files.credentials)?[files.profile] } ?? nil
        let section = files.map { $0.profile == "default" ? "default" : "profile \($0.profile)" } ?? ""
        let shared = try files.map { (files) throws(Failure) in try AWSProfileFile(files.configuration)?[section] } ?? nil
        guard let credentials = credentials ?? own.flatMap({ AWSCredentials($0) }) ?? shared.flatMap({ AWSCredentials($0) })
        else {
            let place = files.map { "no profile [\($0.profile)] in \($0.credentials)" } ?? "no file with profiles"
            throw Failure(
                .unavailable,
                "there are no credentials for the object storage: AWS_ACCESS_KEY_ID is not set, and there is \(place)",
                hint: "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run `aws configure`")
        }
        let region = region ?? own?["region"] ?? shared?["region"] ?? "us-east-1"
        let address = endpoint ?? shared?["endpoint_url"]
        return ObjectStorageAccess(endpoint: try address.map(Self.parse), region: region, credentials: credentials)
    }

    private static func parse(_ text: String) throws(Failure) -> HTTPURL {
        do throws(HTTPError) {
            let url = try HTTPURL(parsing: text)
            if url.path == "/" && url.query == nil { return url }
        } catch {
            throw Failure(.invalid, "the endpoint of the object storage is not valid: \(error)", hint: "look at AWS_ENDPOINT_URL")
        }
        throw Failure(.invalid, "the endpoint of the object storage has a path", hint: "look at AWS_ENDPOINT_URL")
    }
}

/// Keys of an account.
package struct AWSCredentials: Sendable {
    package let accessKeyID: String
    package let secretAccessKey: String
    package let sessionToken: String?

    package init(accessKeyID: String, secretAccessKey: String, sessionToken: String? = nil) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.sessionToken = sessionToken
    }

    /// Nil where a profile holds no keys.
    init?(_ profile: [String: String]) {
        guard let id = profile["aws_access_key_id"], let secret = profile["aws_secret_access_key"] else { return nil }
        self.init(accessKeyID: id, secretAccessKey: secret, sessionToken: profile["aws_session_token"])
    }
}

/// All that a request to the object storage needs.
struct ObjectStorageAccess: Sendable {
    let endpoint: HTTPURL?
    var region: String
    let credentials: AWSCredentials
}

/// A file of the AWS tools: `[section]` and `name = value` below it. Lines that are neither belong to settings that are not read here.
struct AWSProfileFile {
    private var sections: [String: [String: String]] = [:]

    /// Nil where there is no file.
    init?(_ path: String) throws(Failure) {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Platform.Files.read(path, limit: 1 << 20) } catch {
            if error.isNotFound || path.isEmpty { return nil }
            throw Failure(.io, "the credentials for the object storage cannot be read", cause: error)
        }
        self.init(text: String(decoding: bytes, as: UTF8.self))
    }

    init(text: String) {
        var section: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let isNested = line.first?.isWhitespace ?? false
            let line = Self.trimmed(line)
            if line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("["), line.hasSuffix("]") {
                section = Self.trimmed(line.dropFirst().dropLast())
            } else if let section, !isNested, let equals = line.firstIndex(of: "=") {
                let name = Self.trimmed(line[..<equals]).lowercased()
                sections[section, default: [:]][name] = Self.trimmed(line[line.index(after: equals)...])
            }
        }
    }

    subscript(section: String) -> [String: String]? { sections[section] }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let start = text.drop { $0.isWhitespace }
        return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
    }
}
