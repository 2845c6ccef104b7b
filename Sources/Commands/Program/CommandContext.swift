import CommandLineKit
import Model
import Orchestration
import Platform
import Recipes

/// What every command gets: the streams, where the workspace is, the region that is meant, and the door to clock and signals.
package struct CommandContext: Sendable {
    let console: Console
    let home: String
    /// Given by `--region` or the environment.
    let region: RegionName?
    /// No progress, no hints: results only.
    let isQuiet: Bool
    let variables: [String: String]
    let environment: Environment
    /// The global options that a further command needs to find the same workspace.
    private let place: String
    /// What plane the commands work on.
    let settings: PlaneSettings
    private let remains: Remains

    init(_ arguments: ParsedArguments, console: Console, variables: [String: String], remains: Remains) throws(Failure) {
        self.remains = remains
        var console = console
        if arguments[GlobalOptions.noColor] {
            console.outputTerminal.isStyled = false
            console.errorTerminal.isStyled = false
        }
        self.console = console
        home = arguments[GlobalOptions.home]
        guard !home.isEmpty else {
            throw Failure(.usage, "the workspace's folder has no name", hint: "give --home or INGOT_HOME the path of a folder")
        }
        region = try arguments[GlobalOptions.region].map { (text) throws(Failure) in try RegionName(existing: text) }
        settings = try PlaneSelection.settings(arguments[GlobalOptions.config], actor: arguments[GlobalOptions.actor])
        isQuiet = arguments[GlobalOptions.quiet]
        self.variables = variables
        environment = Environment.system(cancellation: Interruption.cancellation)
        place = arguments.isGiven(GlobalOptions.home) ? " --home \(arguments[GlobalOptions.home])" : ""
    }

    /// The region that is meant, or the default one where none is.
    func meantRegion() throws(Failure) -> RegionName {
        if let region { return region }
        return try RegionName(existing: ImportCommand.defaultRegion)
    }

    // MARK: The workspace

    /// For commands that only look: takes no lock and makes nothing.
    func reader() throws(Failure) -> Workspace {
        let workspace = try Workspace(reading: home, environment: environment, variables: variables, settings: settings)
        remains.keep(workspace)
        return workspace
    }

    /// As `reader`, or nil where there is no workspace yet.
    func readerIfPresent() throws(Failure) -> Workspace? {
        do throws(Failure) { return try reader() } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    /// For commands that change something. From here on Ctrl-C asks the command to stop, and does not end it.
    func writer() throws(Failure) -> Workspace {
        Interruption.catchSignals()
        return try Workspace(home: home, environment: environment, variables: variables, settings: settings)
    }

    /// As `writer`, after operations that a crash cut off were undone.
    func recoveredWriter() throws(Failure) -> Workspace {
        let workspace = try writer()
        for operation in try Recovery(workspace).run() { note("settled after a crash: \(operation)") }
        return workspace
    }

    /// The documents around the working directory.
    var documents: DocumentLibrary { DocumentLibrary(root: ".") }

    /// Leaves a large value to the end of the process.
    func keep(_ value: some Sendable) { remains.keep(value) }

    // MARK: Output

    func print(_ text: String) throws { try console.output.write(text) }

    func printLine(_ line: String = "") throws { try console.output.writeLine(line) }

    /// A list in the format that was asked for.
    func print<Row: ListRow>(_ rows: [Row], as format: OutputFormat, empty: String) throws {
        try print(try format.render(rows, on: console.outputTerminal))
        if rows.isEmpty && format == .table { note(empty) }
    }

    /// One value: as text, as JSON, or its identifier alone.
    func print(
        as format: OutputFormat, json: @autoclosure () throws -> some Encodable, quiet: @autoclosure () -> String,
        text: () throws -> String
    ) throws {
        switch format {
        case .table: try print(isQuiet ? quiet() + "\n" : text())
        case .json: try print(try JSONText.encode(json()) + "\n")
        case .quiet: try print(quiet() + "\n")
        }
    }

    /// A remark for people, on standard error. What cannot be said is left out.
    func note(_ text: String) {
        if !isQuiet { try? console.error.writeLine(text) }
    }

    func bold(_ text: String) -> String { console.outputTerminal.styled(text, .bold) }

    /// A command that the user can type next.
    func commandLine(_ words: String) -> String { "ingot \(words)\(place)" }
}
