import ImageStore
import Model

/// What keeps PAM from letting anybody in: modules and files that are missing, and stacks that cannot succeed.
enum AuthenticationSoundness {
    static func problems(_ guest: any TreeView) throws(Failure) -> [String] {
        let configuration = try PAMConfiguration(guest)
        var problems = try PAMModules.problems(of: configuration, in: guest).map { "\($0.place.file): \($0.text)" }
        // `other` is there to refuse.
        for service in configuration.services where service != PAMConfiguration.fallback {
            for kind in PAMEntry.Kind.allCases {
                let stack = configuration.stack(of: service, kind)
                guard !stack.entries.isEmpty, !AuthenticationStack(stack.entries).canSucceed else { continue }
                problems.append("the \(kind.rawValue) stack of \(service) cannot succeed, whatever its modules answer")
            }
        }
        return problems
    }
}

/// The modules of a stack, as libpam goes through them (pam.conf(5)).
struct AuthenticationStack {
    private let entries: [PAMEntry]

    init(_ entries: [PAMEntry]) { self.entries = entries }

    /// What the answers so far come to.
    private enum Impression {
        case undefined, good, bad
    }

    private struct State: Hashable {
        let index: Int
        let impression: Impression
    }

    /// What follows one answer: the end, or another module.
    private enum Step {
        case end(Impression)
        case next(State)
    }

    /// Whether some answers of the modules let the stack succeed. `pam_deny` always fails, and `pam_permit` never does.
    var canSucceed: Bool {
        var seen: Set<State> = []
        var pending = [State(index: 0, impression: .undefined)]
        while let state = pending.popLast() {
            guard seen.insert(state).inserted else { continue }
            guard state.index < entries.count else {
                if state.impression == .good { return true }
                continue
            }
            for step in steps(from: state) {
                switch step {
                case .end(let impression): if impression == .good { return true }
                case .next(let next): pending.append(next)
                }
            }
        }
        return false
    }

    private func steps(from state: State) -> [Step] {
        let entry = entries[state.index]
        let name = entry.module.split(separator: "/").last ?? ""
        let mayFail = name != "pam_permit.so"
        let maySucceed = name != "pam_deny.so"
        let next = state.index + 1
        var steps: [Step] = []
        func go(_ impression: Impression) { steps.append(.next(State(index: next, impression: impression))) }
        let better: Impression = state.impression == .bad ? .bad : .good
        switch entry.control {
        case .required:
            if maySucceed { go(better) }
            if mayFail { go(.bad) }
        case .requisite:
            if maySucceed { go(better) }
            if mayFail { steps.append(.end(.bad)) }
        case .sufficient:
            if maySucceed { state.impression == .bad ? go(.bad) : steps.append(.end(.good)) }
            if mayFail { go(state.impression) }
        case .optional:
            if maySucceed { go(better) }
            if mayFail { go(state.impression) }
        case .actions(let actions):
            for action in actions {
                let isSuccess = action.answer == "success"
                if isSuccess ? maySucceed : mayFail || action.answer == "default" {
                    steps.append(step(action.action, from: state))
                }
            }
            // What no pair names is bad.
            if mayFail && !actions.contains(where: { $0.answer == "default" }) { go(.bad) }
        }
        return steps
    }

    private func step(_ action: String, from state: State) -> Step {
        let next = state.index + 1
        let better: Impression = state.impression == .bad ? .bad : .good
        switch action {
        case "ignore": return .next(State(index: next, impression: state.impression))
        case "bad": return .next(State(index: next, impression: .bad))
        case "die": return .end(.bad)
        case "ok": return .next(State(index: next, impression: better))
        case "done": return better == .good ? .end(.good) : .next(State(index: next, impression: .bad))
        case "reset": return .next(State(index: next, impression: .undefined))
        default:
            let jump = Int(action).map { min(max(0, $0), entries.count) } ?? 0
            return .next(State(index: min(next + jump, entries.count), impression: state.impression))
        }
    }
}
