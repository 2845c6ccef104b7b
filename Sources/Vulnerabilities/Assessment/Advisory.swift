import Model

/// What a feed says about one vulnerability, apart from the packages that it affects.
struct Advisory {
    var id: String
    var aliases: [String] = []
    var title = ""
    /// The feed's own word; a score of a vector counts more.
    var severity: Severity?
    var vectors: [String] = []
    var published: String?
    var references: [String] = []

    /// The vectors that can be computed, highest first.
    var score: Double? { vectors.compactMap { CVSS.score($0)?.base }.max() }

    /// Text of hostile feeds goes into reports, so it has a length.
    static let maximumTitle = 300
    static let maximumReferences = 50
}
