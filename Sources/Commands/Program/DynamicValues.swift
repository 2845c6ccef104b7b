import Cloud
import CommandLineKit
import Ledger
import Model
import Orchestration
import Platform
import Recipes

/// What a shell's completion can offer that only the workspace or the documents know.
enum DynamicValues {
    static func candidates(_ query: CompletionQuery, _ variables: [String: String]) -> [Completion.Candidate] {
        let documents = DocumentLibrary(root: ".")
        switch query.set {
        case "image": return images(query)
        case "recipe": return documents.names(.recipes).map { .init($0) }
        case "pipeline": return documents.names(.pipelines).map { .init($0) }
        case "region": return RegionName.commercial.map { .init($0) }
        case "instance": return instances(query)
        case "channel": return channels(query)
        case "parameter": return parameters(query)
        case "account": return accounts(query)
        case "profile": return ProfileSelection.names.map { .init($0) }
        default: return []
        }
    }

    private static func accounts(_ query: CompletionQuery) -> [Completion.Candidate] {
        let settings = try? PlaneSelection.settings(query.word(GlobalOptions.config), actor: nil)
        return settings?.directory.accounts.map { .init($0.id.description, $0.name) } ?? []
    }

    private static func workspace(_ query: CompletionQuery) -> Workspace? {
        try? Workspace(reading: query.word(GlobalOptions.home) ?? ".ingot", environment: .system())
    }

    /// Recipes first, then ids.
    private static func images(_ query: CompletionQuery) -> [Completion.Candidate] {
        guard let plane = workspace(query)?.plane, let regions = try? plane.regions() else { return [] }
        let images = regions.flatMap { (try? plane.region($0).images(ImageFilter(states: [.available]))) ?? [] }
        let recipes = Set(images.compactMap { $0.release?.recipe.description }).sorted()
        return recipes.map { .init($0, "newest image") }
            + images.map { .init($0.id.description, "\($0.release?.description ?? $0.name.description) in \($0.region)") }
    }

    private static func instances(_ query: CompletionQuery) -> [Completion.Candidate] {
        guard let plane = workspace(query)?.plane, let regions = try? plane.regions() else { return [] }
        let settings = try? PlaneSelection.settings(query.word(GlobalOptions.config), actor: query.word(GlobalOptions.actor))
        return regions.flatMap { name in
            let actions = settings.flatMap { try? plane.actions(in: name, as: $0.account) }
            return ((try? actions?.instances()) ?? []).map {
                Completion.Candidate($0.id.description, "\($0.state.rawValue) in \(name)")
            }
        }
    }

    private static func channels(_ query: CompletionQuery) -> [Completion.Candidate] {
        let moves = (try? workspace(query)?.ledger.channels()) ?? []
        return Set(moves.map(\.channel.description)).sorted().map { .init($0) }
    }

    private static func parameters(_ query: CompletionQuery) -> [Completion.Candidate] {
        guard let plane = workspace(query)?.plane, let regions = try? plane.regions() else { return [] }
        return regions.flatMap { name in
            let parameters = (try? plane.region(name).parameters.parameters(below: nil)) ?? []
            return parameters.map { Completion.Candidate($0.name.description, "\($0.type.rawValue) in \(name)") }
        }
    }
}
