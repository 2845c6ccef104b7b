import Crypto
import HTTP
import Model
import Platform
import Text
import XML

/// The part of S3's interface that the actions need: GetObject, PutObject, ListObjectsV2.
struct ObjectStorage {
    private let action: String
    private let context: ActionContext
    private let access: ObjectStorageAccess
    /// The account that must own the bucket.
    private let owner: String?

    struct Object: Hashable {
        let key: String
    }

    /// What one PutObject takes.
    static let maximumUpload: UInt64 = 5 << 30
    static let maximumListed = 1000

    /// S3 wants the digest of the body in every signed request, also of none; curl 7.88 does not add it by itself.
    private static let noBody = HTTPRequest.Header("x-amz-content-sha256", SHA256.digest(of: "").hex)

    init(_ action: String, owner: String?, _ context: ActionContext) throws(Failure) {
        if let owner, owner.utf8.count != 12 || !owner.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) {
            throw Failure(.invalid, "\(action): the expectedBucketOwner '\(owner)' is no account number of twelve digits")
        }
        self.action = action
        self.owner = owner
        self.context = context
        access = try context.transfers.storage.access()
    }

    // MARK: Operations

    func get(_ location: ObjectLocation, to file: borrowing TransferFile) throws(Failure) {
        let task = "\(action): cannot download \(location)"
        try send(.get, location, task, file, headers: [Self.noBody])
    }

    /// - Parameter digest: the SHA-256 of the file, in hexadecimal; the storage compares.
    func put(_ file: borrowing TransferFile, digest: String, at location: ObjectLocation) throws(Failure) {
        let answer = try TransferFile(context)
        let headers = [HTTPRequest.Header("x-amz-content-sha256", digest)]
        try send(.put, location, "\(action): cannot upload \(location)", answer, body: file.path, headers: headers)
    }

    /// The objects whose keys begin like the location's. `Failure(.exhausted)` where they are more than a thousand.
    func list(_ location: ObjectLocation) throws(Failure) -> [Object] {
        let task = "\(action): cannot list \(location)*"
        let file = try TransferFile(context)
        // The names in order, as the signature has them.
        let query = "list-type=2&max-keys=\(Self.maximumListed)&prefix=\(PercentEncoding.encode(location.key))"
        try send(.get, try ObjectLocation(bucket: location.bucket, key: ""), task, file, query: query, headers: [Self.noBody])
        let root: XMLElement
        do throws(XMLError) { root = try XMLReader.parse(file.beginning(XMLReader.Limits().bytes)) } catch {
            throw Failure(.failed, "\(task): the answer cannot be read", cause: error)
        }
        if root["IsTruncated"]?.text == "true" {
            throw Failure(
                .exhausted, "\(task): there are more than \(Self.maximumListed) objects", hint: "download an archive of them")
        }
        return root.all("Contents").compactMap { $0["Key"] }.map { Object(key: $0.text) }
    }

    // MARK: Requests

    private func send(
        _ method: HTTPRequest.Method, _ location: ObjectLocation, _ task: String, _ output: borrowing TransferFile,
        query: String? = nil, body: String? = nil, headers: [HTTPRequest.Header] = []
    ) throws(Failure) {
        var access = access
        try TransferAttempts(context).run(task) { (timeLeft: UInt64?) throws(TransferProblem) in
            var request = HTTPRequest(method, try url(location, query, access), output: output.path, policy: policy)
            request.timeLimit = timeLeft
            request.body = body
            request.headers = headers + (owner.map { [.init("x-amz-expected-bucket-owner", $0)] } ?? [])
            request.signing = signature(access.region)
            var response = try context.transfers.send(request, task, context.environment)
            // The bucket may be in another region, and the answer says in which.
            if response.status != 200, access.endpoint == nil, let region = response.headers["x-amz-bucket-region"],
                region != access.region, RegionName.isWellFormed(region)
            {
                access.region = region
                request.url = try url(location, query, access)
                request.signing = signature(region)
                response = try context.transfers.send(request, task, context.environment)
            }
            if response.status != 200 { throw problem(task, response, output.beginning(64 << 10)) }
        }
    }

    private var policy: AddressPolicy {
        access.endpoint.map { context.transfers.policy.allowing($0) } ?? context.transfers.policy
    }

    private func signature(_ region: String) -> AWSSignature {
        let credentials = access.credentials
        return AWSSignature(
            accessKeyID: credentials.accessKeyID, secretAccessKey: credentials.secretAccessKey,
            sessionToken: credentials.sessionToken, region: region, service: "s3")
    }

    /// With an endpoint of the operator's, and for buckets with a dot, which no certificate is valid for, the bucket is in the path.
    private func url(_ location: ObjectLocation, _ query: String?, _ access: ObjectStorageAccess) throws(TransferProblem)
        -> HTTPURL
    {
        let key = PercentEncoding.encode(location.key, keeping: UInt8(ascii: "/"))
        let tail = query.map { "?\($0)" } ?? ""
        let suffix = access.region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        let service = "s3.\(access.region).\(suffix)"
        let text =
            if let endpoint = access.endpoint {
                "\(endpoint.origin)/\(location.bucket)/\(key)"
            } else if location.bucket.contains(".") {
                "https://\(service)/\(location.bucket)/\(key)"
            } else {
                "https://\(location.bucket).\(service)/\(key)"
            }
        do throws(HTTPError) { return try HTTPURL(parsing: text + tail) } catch {
            throw TransferProblem(Failure(error, task: "\(action): \(location) gives no address"))
        }
    }

    /// What the storage says of an error (REST Error Responses of the S3 API reference): a code and a message.
    private func problem(_ task: String, _ response: HTTPResponse, _ body: [UInt8]) -> TransferProblem {
        var said = "the server answered \(response.statusText)"
        if let error = try? XMLReader.parse(body), error.name == "Error", let code = error["Code"]?.text {
            said += " (\(code)" + (error["Message"].map { ": \($0.text)" } ?? "") + ")"
        }
        return TransferProblem(Failure(response.failureCode, "\(task): \(said)"), isTransient: response.isTransient)
    }
}

extension RegionName {
    fileprivate static func isWellFormed(_ text: String) -> Bool { (try? RegionName(parsing: text)) != nil }
}

extension HTTPResponse {
    /// What kind of failure an answer other than 200 is.
    var failureCode: Failure.Code {
        switch status {
        case 401, 403: .denied
        case 404, 410: .notFound
        case _ where isTransient: .unavailable
        default: .failed
        }
    }
}

extension Transfers {
    /// One request. What came of it as a problem, where no answer did.
    func send(_ request: HTTPRequest, _ task: String, _ environment: Environment) throws(TransferProblem) -> HTTPResponse {
        do throws(HTTPError) { return try http.send(request, in: environment) } catch {
            throw TransferProblem(Failure(error, task: task), isTransient: error.isTransient)
        }
    }
}
