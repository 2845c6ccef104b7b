import ImageStore
import Model

/// No rule of sudoers(5) lets people do without a password: the tag `NOPASSWD`, or `Defaults !authenticate`.
package struct SudoTag: HardeningRequirement {
    package enum Word: String, Sendable, CaseIterable {
        case tag = "NOPASSWD"
        case `default` = "!authenticate"
    }

    package let word: Word

    package init(absent word: Word) { self.word = word }

    package func check(_ guest: any TreeView) throws(Failure) -> HardeningFinding {
        guard try guest.exists(SudoPolicy.file) else { return .notApplicable("sudo is not in the image") }
        let places = try places(guest).map(\.description)
        return places.isEmpty ? .met("nothing has \(word.rawValue)") : .notMet("\(word.rawValue) in \(listed(places))")
    }

    package func remedy(_ guest: TreeEditor) throws(Failure) {
        for place in try places(guest) {
            var text = try LineFile(place.file, in: guest)
            let line = text.text(place.line)
            switch word {
            case .tag: text.replace(place.line, with: line.replacing("NOPASSWD:", with: "").replacing("NOPASSWD :", with: ""))
            case .default: text.replace(place.line, with: line.replacing("!authenticate", with: "authenticate"))
            }
            try text.write(to: place.file, in: guest)
        }
    }

    private func places(_ guest: any TreeView) throws(Failure) -> [LinePlace] {
        let policy = try guest.fact { (guest) throws(Failure) in try SudoPolicy(guest) }
        switch word {
        case .tag: return Set(policy.rules.filter { $0.tags.contains("NOPASSWD") }.map(\.place)).sorted()
        case .default: return Set(policy.defaults.filter { $0.name == "authenticate" && $0.isOff }.map(\.place)).sorted()
        }
    }
}
