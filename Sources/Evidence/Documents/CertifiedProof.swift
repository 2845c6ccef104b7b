import Model

/// What a scrub certificate claims, as whoever did not write it reads it: what it does not say counts against the image.
package enum CertifiedProof {
    /// Why the predicate of a certificate does not show that the image is clean, as the end of a sentence about it; nil where it does.
    package static func objection(to predicate: JSONValue) -> String? {
        let proof = predicate["proof"] ?? .null
        let claims = [
            ("findings of detectors", proof["findings"]), ("removed values", proof["knownValues"]?["hits"]),
            ("broken states", proof["brokenStates"]),
        ]
        for (name, list) in claims {
            guard let list = list?.array else { return "says nothing of \(name)" }
            if !list.isEmpty { return "has \(name)" }
        }
        guard case .number(let planted)? = proof["canaries"]?["planted"], case .number(let found)? = proof["canaries"]?["found"],
            planted == found, Int(planted).map({ $0 > 0 }) == true
        else { return "does not show that the detectors found every canary" }
        return nil
    }
}
