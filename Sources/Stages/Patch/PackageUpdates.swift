import Components
import Crypto
import FoundationEssentials
import ImageStore
import Model
import Pipeline
import Platform
import Recipes
import Sandbox
import YAML

/// The part of `patch` that updates packages, by the image's own package manager: `packages: security`, `exclude: [linux-image-*]`.
///
/// The stage's inputs are the packages and versions that the update comes to, and not the time: while the mirror offers nothing else,
/// the key is the same. They are found by the manager's own simulation on a copy of the tree, once for each state of the mirror.
struct PackageUpdates: Sendable {
    let selection: PackageSelection

    static let options = [
        OptionHelp("packages", "what the image's own package manager updates: security, all, or a list of names"),
        OptionHelp("exclude", "packages that are not updated"),
    ]
    /// Half an hour.
    private static let timeLimit: UInt64 = 1_800_000_000_000

    /// Nil where the stage has no `packages`.
    init?(_ fields: FieldReader) {
        let exclude = fields.strings("exclude")
        guard let value = fields.optional("packages") else {
            if !exclude.isEmpty { fields.report("'exclude' without 'packages' excludes nothing", at: "exclude") }
            return nil
        }
        guard let wanted = Self.wanted(value) else { return nil }
        selection = PackageSelection(wanted, exclude: exclude)
    }

    private static func wanted(_ value: ValueReader) -> PackageSelection.Wanted? {
        if value.node.elements != nil { return value.strings().map { .named($0) } }
        switch value.string() {
        case "security"?: return .security
        case "all"?: return .all
        case let text?: return value.fail("'packages' cannot be '\(text)'", hint: "write security, all, or a list of names")
        case nil: return nil
        }
    }

    // MARK: Inputs

    func inputs(_ context: InputContext) throws(Failure) -> [StageInput] {
        try changes(context).map(\.input)
    }

    private func changes(_ context: InputContext) throws(Failure) -> [PackageChange] {
        var result: [PackageChange]?
        let memory = try PackagePlanMemory(context, selection)
        if let known = memory?.plan() { return known }
        let what = "looking for package updates"
        context.show(what, "by the image's package manager, on a copy of the tree")
        try context.withScratch { editor, programs throws(Failure) in
            try programs.checkAvailable()
            result = try update(editor, programs, context.environment) { context.show(what, $0) }.plan().changes
        }
        context.show(what, nil)
        memory?.keep(result ?? [])
        return result ?? []
    }

    private func update(
        _ editor: TreeEditor, _ programs: any ProgramRunner, _ environment: Environment,
        approve: @escaping (UpgradePlan) throws(Failure) -> Void = { _ throws(Failure) in }, print: @escaping (String) -> Void
    ) throws(Failure) -> SystemUpdate {
        let programs = PackagePrograms(
            editor: editor, runner: programs, environment: environment, timeLeft: Self.timeLimit, print: print)
        return SystemUpdate(try PackageManagers.find(in: editor).init(programs), selection, approve: approve, print: print)
    }

    // MARK: Running

    /// Makes the changes that the key was made of, and gives them.
    func run(_ context: StageContext) throws(Failure) -> [PackageChange] {
        var made: [PackageChange] = []
        let declared = context.declaredInputs.filter { $0.name.hasPrefix(PackageChange.inputPrefix) }
        if declared.isEmpty { return [] }
        let programs = try context.inputs.services.programs("\(context.temporaryFolder)/sandbox", try context.editor.finish())
        let approve = { (plan: UpgradePlan) throws(Failure) in
            made = plan.changes
            guard Set(plan.changes.map(\.input)) == Set(declared) else {
                throw Failure(.conflict, "the mirror's packages changed while the build ran", hint: "build again")
            }
        }
        let progress = context.progress
        let update = try update(context.editor, programs, context.environment, approve: approve) { progress(.output($0)) }
        try update.run(in: context.editor)
        return made
    }
}

extension PackageChange {
    fileprivate static let inputPrefix = "package "

    /// As the key of a stage has it.
    fileprivate var input: StageInput { StageInput(Self.inputPrefix + name, "\(installed ?? "(new)") -> \(candidate)") }
}

/// What the packages of a tree would be updated to, for each state of the mirrors. May be lost at any time.
private struct PackagePlanMemory {
    private let file: String

    /// Nil where the state of the image's mirrors cannot be asked for: only Debian's can.
    init?(_ context: InputContext, _ selection: PackageSelection) throws(Failure) {
        guard let tree = context.tree else { return nil }
        let sources = try AptSources(in: try context.services.tree(tree))
        guard !sources.archives.isEmpty, Programs.find(MirrorState.helper) != nil else { return nil }
        let state = try MirrorState(archives: DebianArchives(sources.archives), context: context).packages()
        var hasher = SHA256()
        hasher.update("ingot package plan 1\n\(tree.hex)\n\(selection)\n\(context.architecture)\n")
        for input in state { hasher.update("\(input.name) \(input.value)\n") }
        file = "\(context.downloadsFolder)/packages-\(hasher.finish().hex).json"
    }

    func plan() -> [PackageChange]? {
        guard let bytes = try? Files.read(file) else { return nil }
        return try? JSONDecoder().decode([PackageChange].self, from: Data(bytes))
    }

    func keep(_ changes: [PackageChange]) {
        guard let json = try? JSONEncoder().encode(changes) else { return }
        try? Files.makeFolders(Files.parent(of: file), permissions: 0o700)
        try? Files.writeDurably(file, Array(json), permissions: 0o600)
    }
}
