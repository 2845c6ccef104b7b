import Cloud
import HTTPServer
import Model
import Platform
import Text

/// What an instance hears when it asks about itself at http://169.254.169.254: EC2's instance metadata service, versions 1 and 2.
///
/// Each answer is of this moment: what the catalogue says of the instance is looked up with each request.
package struct MetadataService: Sendable {
    private let id: InstanceID
    private let region: EmbeddedRegion
    private let plane: any Plane
    /// Under which tokens are made.
    private let key: [UInt8]

    package init(_ id: InstanceID, in region: EmbeddedRegion, _ plane: any Plane) throws(Failure) {
        self.id = id
        self.region = region
        self.plane = plane
        key = try region.metadataKey()
    }

    /// What requests may take. One program of the instance after the other is answered.
    static var limits: ServerLimits {
        var limits = ServerLimits()
        limits.connections = 64
        limits.target = 4 << 10
        limits.head = 16 << 10
        limits.body = 1 << 10
        limits.pending = 1 << 20
        limits.threads = 1
        limits.drainTime = 100_000_000
        return limits
    }

    package func respond(to request: Request) -> Response {
        let facts: InstanceFacts
        do throws(Failure) { facts = try region.facts(of: id) } catch { return Self.response(500) }
        let options = facts.instance.metadata
        guard options.isEnabled else { return Self.response(403) }
        let tokens = MetadataTokens(key: key, instance: id, now: region.environment.seconds)
        switch request.method {
        case "PUT": return Self.token(request, tokens)
        case "GET", "HEAD":
            if let text = request[field: Self.tokenField] {
                guard tokens.accept(text) else { return Self.response(401) }
            } else if options.needsTokens {
                return Self.response(401)
            }
            return look(request.path, facts)
        default: return Self.response(405)
        }
    }

    private static let tokenField = "x-aws-ec2-metadata-token"
    private static let lifeField = "x-aws-ec2-metadata-token-ttl-seconds"

    /// A new token. One who asks for others, as an open proxy does, gets none.
    private static func token(_ request: Request, _ tokens: MetadataTokens) -> Response {
        if request[field: "x-forwarded-for"] != nil { return response(403) }
        guard request.path == "/latest/api/token" else { return response(405) }
        guard let life = request[field: lifeField].flatMap({ Int64($0) }), MetadataTokens.lives ~= life else {
            return response(400)
        }
        var answer = Response(200, body: Array(tokens.make(seconds: life).utf8))
        answer.fields = [.init("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", String(life))]
        return answer
    }

    // MARK: Paths

    private func look(_ path: String, _ facts: InstanceFacts) -> Response {
        var names = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        // A folder is the same with a slash behind it.
        let isFolder = names.last == ""
        if isFolder { names.removeLast() }
        guard let version = names.first else { return Self.response(200, Self.versions.joined(separator: "\n")) }
        guard Self.versions.contains(version), !names.contains("") else { return Self.response(404) }
        do throws(Failure) {
            switch try root(facts).node(at: names.dropFirst()) {
            case .value(let bytes)? where !isFolder:
                return Response(200, contentType: "text/plain", body: bytes)
            case .folder(let entries)?: return Self.response(200, MetadataNode.list(entries))
            default: return Self.response(404)
            }
        } catch { return Self.response(500) }
    }

    private func root(_ facts: InstanceFacts) throws(Failure) -> MetadataNode {
        var entries: [MetadataNode.Entry] = [
            .init("dynamic", .folder([.init("instance-identity", try InstanceIdentity(facts.instance, region.name).node)])),
            .init("meta-data", .folder(MetadataCategories(facts, region.name, zones, role(facts), address).entries)),
        ]
        if let data = facts.instance.userData.flatMap({ Base64.decode($0.utf8) }) {
            entries.append(.init("user-data", .value(data)))
        }
        return .folder(entries)
    }

    private var zones: [AvailabilityZone] { plane.settings.zones(of: region.name) }

    /// Where the instance is reached from the machine of the plane.
    private var address: String? { (plane as? EmbeddedPlane)?.host?.address(of: id, in: region.name) }

    private func role(_ facts: InstanceFacts) -> InstanceRole? {
        facts.instance.profile.map {
            InstanceRole($0, facts.instance, plane, now: Instant(seconds: region.environment.seconds))
        }
    }

    /// Those that EC2 has.
    private static let versions = [
        "1.0", "2007-01-19", "2007-03-01", "2007-08-29", "2007-10-10", "2007-12-15", "2008-02-01", "2008-09-01", "2009-04-04",
        "2011-01-01", "2011-05-01", "2012-01-12", "2014-02-25", "2014-11-05", "2015-10-20", "2016-04-19", "2016-06-30",
        "2016-09-02", "2018-03-28", "2018-08-17", "2018-09-24", "2019-10-01", "2020-10-27", "2021-01-03", "2021-03-23",
        "2021-07-15", "2022-09-24", "latest",
    ]

    // MARK: Answers

    private static func response(_ status: Int, _ text: String? = nil) -> Response {
        Response(status, contentType: "text/plain", body: Array((text ?? (status == 200 ? "" : "\(status)\n")).utf8))
    }
}
