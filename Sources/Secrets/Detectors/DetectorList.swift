/// All that looks at places in bytes. A new detector is one file and one line here; a new token, one entry in a table of `RuleTable`.
enum DetectorList {
    static let standard: [any Detector] =
        RuleTable.all.map { TokenDetector($0) } + [
            PrivateKeyDetector(), BareKeyDetector(), AddressDetector(), HeaderDetector(), CommandDetector(), QueryDetector(),
            AssignmentDetector(),
        ]
}
