import Platform
import Testing

/// The AWS CLI and boto3 from PyPI, where `make setup` puts them.
package enum AWSClients {
    private static let folder: String = {
        if let cache = Programs.variable("XDG_CACHE_HOME"), !cache.isEmpty { return "\(cache)/ingot/clients" }
        return "\(Programs.variable("HOME") ?? "")/.cache/ingot/clients"
    }()

    package static let interpreter = "\(folder)/bin/python"
    package static let isAvailable = Files.exists("\(folder)/bin/aws")
    package static let missing: Comment = "needs the AWS CLI and boto3 from PyPI: make setup"

    /// securesystemslib and in-toto-attestation lie beside them.
    package static let hasAttestationTools = (try? python("import securesystemslib, in_toto_attestation; print(1)")) == "1\n"
    package static let missingAttestationTools: Comment = "needs securesystemslib and in-toto-attestation from PyPI: make setup"

    /// Runs a shell's script with the aws command in reach of an endpoint, and returns what it prints.
    package static func shell(_ script: String, port: UInt16, key: String, secret: String) throws -> String {
        try withTemporaryFolder { folder in
            try Shell.run(
                """
                export PATH="\(Self.folder)/bin:$PATH" HOME="$PWD" AWS_ENDPOINT_URL=http://127.0.0.1:\(port) AWS_MAX_ATTEMPTS=1
                export AWS_ACCESS_KEY_ID='\(key)' AWS_SECRET_ACCESS_KEY='\(secret)' AWS_DEFAULT_REGION=us-east-1
                \(script)
                """, in: folder)
        }
    }

    /// Runs a script with boto3 in reach, and returns what it prints.
    package static func python(_ script: String, input: String = "") throws -> String {
        try Python.run(script, input: input, interpreter: interpreter)
    }
}
