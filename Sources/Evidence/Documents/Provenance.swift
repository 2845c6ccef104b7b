/// The predicate of SLSA's build provenance, version 1: from what, by whom and when an image was built.
package struct Provenance: Sendable, Encodable {
    package let buildDefinition: BuildDefinition
    package let runDetails: RunDetails

    package struct BuildDefinition: Sendable, Encodable {
        let buildType = "urn:ingot:build:v1"
        /// What the user asked for.
        package let externalParameters: [String: String]
        /// What the builder decided by itself.
        package let internalParameters: [String: String]
        package let resolvedDependencies: [Resource]
    }

    /// What a build read or made: at least an address or a digest.
    package struct Resource: Sendable, Encodable {
        package let name: String
        package let uri: String?
        /// By algorithm, in hexadecimal.
        package let digest: [String: String]?
        /// What is known of it besides, such as a version.
        package let annotations: [String: String]?

        package init(name: String, uri: String? = nil, sha256: String? = nil, annotations: [String: String]? = nil) {
            self.name = name
            self.uri = uri
            digest = sha256.map { ["sha256": $0] }
            self.annotations = annotations
        }

        /// Something that a stage read, with what it had for it: a digest, or a text of its own.
        package init(stage: String, input: String, value: String) {
            let isDigest = value.utf8.count == 64 && value.utf8.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
            self.init(
                name: input,
                uri: "urn:ingot:input:\(stage):\(input.map { $0.isWhitespace ? "-" : $0 }.map(String.init).joined())",
                sha256: isDigest ? value.lowercased() : nil,
                annotations: isDigest ? ["stage": stage] : ["stage": stage, "value": value])
        }
    }

    package struct RunDetails: Sendable, Encodable {
        package let builder: Builder
        package let metadata: Metadata
        /// Reports of the stages, by digest.
        package let byproducts: [Resource]

        package struct Builder: Sendable, Encodable {
            /// Who answers for the build: whoever has the key.
            package let id: String
            package let version: [String: String]
        }

        package struct Metadata: Sendable, Encodable {
            package let invocationId: String
            package let startedOn: String
            package let finishedOn: String
        }
    }

    package init(
        externalParameters: [String: String], internalParameters: [String: String] = [:], resolvedDependencies: [Resource],
        keyID: String, version: String,
        invocation: String, startedOn: String, finishedOn: String, byproducts: [Resource]
    ) {
        buildDefinition = BuildDefinition(
            externalParameters: externalParameters, internalParameters: internalParameters,
            resolvedDependencies: resolvedDependencies)
        runDetails = RunDetails(
            builder: .init(id: "urn:ingot:builder:\(keyID)", version: ["ingot": version]),
            metadata: .init(invocationId: invocation, startedOn: startedOn, finishedOn: finishedOn), byproducts: byproducts)
    }
}
