import Platform
import Text

extension Failure {
    /// Says why a time zone cannot be used. `names` are all zones of the database, for "did you mean".
    package init(_ problem: ZoneInfo.Problem, names: [String]) {
        switch problem {
        case .badName(let name), .unknown(let name):
            self.init(
                .notFound, problem.description,
                hint: Suggestion.hint(for: name, among: names)
                    ?? "zones are named as in the IANA database, for example Asia/Seoul")
        case .noDatabase: self.init(.unavailable, problem.description, hint: "install the package tzdata, or use UTC")
        case .unreadable(let error):
            self.init(.io, "a time zone could not be read", hint: "check the package tzdata", cause: error)
        case .malformed: self.init(.corrupt, problem.description, hint: "install the package tzdata anew")
        }
    }
}
