import Cloud
import ImageStore
import Model
import Platform
import TestSupport
import Testing

/// An image with the host's own curl, and what tests of the metadata service ask of it.
enum MetadataImage {
    static let curl = ["/usr/bin/curl", "/bin/curl"].first { Files.exists($0) }
    static var isAvailable: Bool { curl != nil }
    static let missing: Comment = "needs curl: apt-get install curl"

    static func make(in region: EmbeddedRegion) throws -> ImageID {
        try MachineFixture.image("with curl", in: region) { editor in
            try SecureShellImage.add(try #require(curl), to: editor)
        }
    }

    /// Shell functions: `get PATH` by a token, `status ARGUMENT…` of a request.
    static let functions = """
        M=http://169.254.169.254
        token() { curl -sS -m 10 -X PUT -H "X-aws-ec2-metadata-token-ttl-seconds: ${1:-60}" $M/latest/api/token; }
        T=$(token)
        get() { curl -sS -m 10 -f -H "X-aws-ec2-metadata-token: $T" $M/latest/$1; }
        status() { curl -sS -m 10 -o /dev/null -w '%{http_code}\\n' "$@"; }

        """
}

extension MachineFixture {
    /// Runs a script that asks for metadata, and gives what it printed.
    func ask(_ id: InstanceID, _ script: String) throws -> String { try exec(id, MetadataImage.functions + script) }
}
