import Model

/// A list of operations that take out of an image what belongs to one machine, one person or one build. It is data: a new operation
/// of a known kind is an entry in a profile.
package struct ScrubProfile: Hashable, Sendable {
    package let name: String
    /// In the order in which they run.
    package let operations: [ScrubOperation]

    package init(name: String, operations: [ScrubOperation]) {
        self.name = name
        self.operations = operations
    }

    package func operation(_ id: String) -> ScrubOperation? { operations.first { $0.id == id } }

    /// The profile with more operations behind its own.
    package func adding(_ more: [ScrubOperation]) -> ScrubProfile { ScrubProfile(name: name, operations: operations + more) }
}

/// One entry of a profile.
package struct ScrubOperation: Hashable, Sendable {
    /// Unique in the profile: `ssh-hostkeys`.
    package var id: String
    package var title: String
    package var group: Group
    package var action: Action
    /// The name of the code that does it, where patterns and the fields below do not say it all: `machine-id`.
    package var handler: String?
    package var patterns: [GlobPattern]
    /// What fits the patterns but stays.
    package var keep: [GlobPattern]
    package var isDefault: Bool
    /// Only regular files, not folders, links and devices.
    package var onlyFiles: Bool
    /// Not what a package owns.
    package var keepPackaged: Bool
    /// Only files that have such a line.
    package var containing: LineRule
    /// `edit`: the lines that go.
    package var drop: LineRule
    /// `reset`: what the file holds afterwards.
    package var content: String?
    /// `delete`: the other names of a hard-linked file go too. For secrets, which would stay readable under those.
    package var everyName: Bool
    /// What the handler works on, such as names of accounts.
    package var values: [String]
    package var reason: String
    /// Where the operation is known from; the profile's head says what the letters mean.
    package var sources: [String]

    package enum Action: String, Sendable, Hashable, CaseIterable, Codable {
        /// The paths go, folders with all below them.
        case delete
        /// Files become empty; mode, owner and attributes stay.
        case truncate
        /// Files get a fixed content, or what the handler makes of them.
        case reset
        /// Lines go, or what the handler takes out.
        case edit
        /// Nothing is changed; finding one fails.
        case check
    }

    /// The tables of the shipped profile.
    package enum Group: String, Sendable, Hashable, CaseIterable, Codable {
        case machineIdentity = "A"
        case accounts = "B"
        case droppings = "C"
        case agents = "D"
        case keyMaterial = "E"
        case logs = "F"
        case credentials = "G"
        /// Not of a profile: a recipe's own operations.
        case recipe
    }

    package init(
        id: String, title: String, group: Group, action: Action, handler: String? = nil, patterns: [GlobPattern],
        keep: [GlobPattern] = [],
        isDefault: Bool = true, onlyFiles: Bool = false, keepPackaged: Bool = false, containing: LineRule, drop: LineRule,
        content: String? = nil,
        everyName: Bool = false, values: [String] = [], reason: String, sources: [String] = []
    ) {
        self.id = id
        self.title = title
        self.group = group
        self.action = action
        self.handler = handler
        self.patterns = patterns
        self.keep = keep
        self.isDefault = isDefault
        self.onlyFiles = onlyFiles
        self.keepPackaged = keepPackaged
        self.containing = containing
        self.drop = drop
        self.content = content
        self.everyName = everyName
        self.values = values
        self.reason = reason
        self.sources = sources
    }
}
