import Crypto
import ImageStore
import Model
import Platform
import Text

extension PackageGate {
    /// One thing that a verdict follows from, beside the tree and the policy: a feed or an index and its digest, or the day.
    package struct Input: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// All of them: the day is one where `maximumAge` or `until` make the verdict depend on it.
    package func inputs(at now: Instant) throws(Failure) -> [Input] {
        var inputs = try feeds.map { (feed) throws(Failure) in
            Input(name: Self.title(feed: feed), value: try FeedFile(feed.path).digest.hex)
        }
        inputs += try indexes.map { (index) throws(Failure) in
            Input(name: Self.title(index: index), value: try SuiteIndex.digest(of: index.path).hex)
        }
        inputs.append(Input(name: "releases that ended", value: String(ReleaseSupport.ended(by: now))))
        if policy.needsDate { inputs.append(Input(name: "day", value: String(now.description.prefix(10)))) }
        return inputs
    }

    private static func title(feed: Source) -> String { "feed \(feed.name)" }
    private static func title(index: Source) -> String { "index \(index.name)" }

    /// Judges the packages of a tree. `Failure(.failed)` with package, id and evidence where it has what it may not have, or
    /// where nothing that was given speaks about any of them; and
    /// `Failure(.conflict)` where a feed or an index is no longer what `inputs` says.
    package func judge(
        _ view: any TreeView, by inputs: [Input], at now: Instant, environment: Environment,
        show: (_ source: String) throws(Failure) -> Void
    ) throws(Failure) -> Assessment {
        let known = Set(inputs)
        func check(_ name: String, _ digest: Digest) throws(Failure) {
            guard known.contains(Input(name: name, value: digest.hex)) else {
                throw Failure(.conflict, "\(name) changed while the build ran", hint: "build again")
            }
        }
        var evidence = Assessment.Evidence()
        for feed in feeds {
            try show(feed.name)
            let file = try FeedFile(feed.path)
            try check(Self.title(feed: feed), file.digest)
            evidence.feeds.append(file)
        }
        for index in indexes {
            try show(index.name)
            try check(Self.title(index: index), try SuiteIndex.digest(of: index.path))
            evidence.suites += try SuiteIndex.all(in: index.path, for: view, environment: environment)
        }
        var assessment = try Assessment(of: view, by: evidence, at: now)
        // What passes only since nobody said anything has not passed.
        if assessment.assessed == 0, !assessment.notAssessed.isEmpty {
            throw Failure(
                .failed,
                "nothing is known of the packages: none of \(evidence.sourceCount) speaks about any of "
                    + "\(Amount.count(assessment.notAssessed.count, "package")) of \(assessment.distribution)",
                hint: "give feeds or indexes of the image's own distribution and release")
        }
        policy.apply(to: &assessment, at: now)
        let stale = policy.staleEvidence(of: assessment, at: now)
        if let failure = policy.failure(policy.violations(of: assessment), stale) { throw failure }
        return assessment
    }
}

extension Assessment.Evidence {
    fileprivate var sourceCount: String {
        [Amount.count(feeds.count, "feed"), Amount.count(suites.count, "suite")].joined(separator: " and ")
    }
}

extension Assessment {
    /// `2 high, 1 low; 280 packages assessed, 3 not`
    package var summary: String {
        let counts = counts.filter { $0.count > 0 }.map { "\($0.count) \($0.severity.rawValue)" }
        let findings = counts.isEmpty ? "no findings" : counts.joined(separator: ", ")
        return "\(findings); \(Amount.count(assessed, "package")) assessed, \(notAssessed.count) not"
    }
}
