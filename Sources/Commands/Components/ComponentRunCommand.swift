import Cloud
import CommandLineKit
import Components
import ImageStore
import Model
import Orchestration
import Pipeline
import Platform
import Sandbox
import Stages
import Text

enum ComponentRunCommand: Command {
    static let documents = Argument<[String]>(
        "document", "Files of component documents, in the order to run them", values: .file, minimum: 1)
    static let image = Option<String>("image", short: "i", value: "image", "The image to run them on", values: .dynamic("image"))
    static let parameters = Option<[String]>(
        "parameters", short: "p", value: "name=value",
        "Values of parameters: a=1,b=2, where a comma before NAME= parts them, and \\, does not")
    static let secrets = Option<[String]>(
        "secret", value: "name=source", "A secret value of a parameter, from env:VARIABLE, file:/path or ssm:/parameter")
    static let phases = Option<String?>("phases", value: "names", "Only these phases, separated by commas")
    static let network = Flag("network", "Let the programs reach the network")
    static let logs = Option<String?>(
        "log-directory", value: "folder",
        "Where console.log and detailedoutput.json go; a new folder of the workspace where it is left out",
        values: .directory)

    static var specification: Specification {
        Specification(
            "run", "Run component documents on a throw-away copy of an image",
            discussion: """
                What the documents print goes to standard error while they run, and a summary as AWSTOE prints it to standard output. The image \
                stays as it is: a recipe's stage 'component' is what builds images.
                """,
            examples: [
                Example("ingot component run nginx.yaml --image debian-12 --network", "All phases"),
                Example(
                    "ingot component run a.yaml -i web-server -p Port=80 --phases build,validate", "Some phases, with a parameter"
                ),
            ],
            parameters: [documents, image, parameters, secrets, phases, network, logs],
            exitStatuses: [ExitMeaning(1, "A step failed"), ExitMeaning(69, "Programs cannot be run on this machine")])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let documents = try arguments[documents].map { (file) throws(Failure) in try ComponentDocument(reading: file) }
        try checkNames(arguments, documents)
        let workspace = try context.writer()
        let image = try context.image(arguments[image], in: workspace)
        let root = try workspace.tree(of: image).root
        let instance = try ScratchInstance(
            of: root, in: try workspace.plane.region(image.region), workspace, contents: try workspace.contents(of: image))
        defer { instance.close() }
        let values = try values(arguments, instance)
        let log = try ComponentLog(folder: try logFolder(arguments, workspace), environment: context.environment)
        let run = try ComponentRun(
            documents.map { document in
                ComponentInvocation(
                    document, parameters: values.filter { name, _ in document.parameters.contains { $0.name == name } })
            },
            context: ComponentContext(
                editor: instance.editor, programs: instance.sandbox, parameters: ServiceParameters(instance.services),
                documents: NeighbouringDocuments(folder: Files.parent(of: arguments[self.documents][0])),
                transfers: .system(variables: context.variables),
                network: arguments[network] ? .outgoing : .none, architecture: image.architecture,
                environment: context.environment, temporaryFolder: instance.folder + "/steps",
                watch: { event in
                    for line in ConsoleLog.lines(of: event, at: workspace.now) { context.note(line) }
                    log.take(event)
                }))
        let phases = arguments[phases].map { $0.split(separator: ",").map(String.init) }
        let report: ExecutionReport
        do throws(Failure) { report = try run.run(.byDocument(phases: phases)) } catch {
            try log.finish(run.currentReport)
            throw error
        }
        try log.finish(report)
        try context.printLine(try JSONText.encode(report.summary(logURL: log.folder)))
        return report.status.isSuccess ? .success : ExitStatus(1)
    }

    /// A parameter that no document declares is refused, as in a recipe.
    private static func checkNames(_ arguments: ParsedArguments, _ documents: [ComponentDocument]) throws(Failure) {
        var names: [String] = []
        for pair in arguments[parameters].flatMap(ParameterWords.pairs) {
            names.append(try split(pair, option: "--parameters").0)
        }
        for word in arguments[secrets] { names.append(try split(word, option: "--secret").0) }
        let known = documents.flatMap { $0.parameters.map(\.name) }
        for name in names where !known.contains(name) {
            let subject = documents.count == 1 ? "the component \(documents[0].name) has no" : "none of the components has a"
            throw Failure(.invalid, "\(subject) parameter '\(name)'", hint: Suggestion.hint(for: name, among: known))
        }
    }

    private static func values(
        _ arguments: ParsedArguments, _ instance: ScratchInstance
    ) throws(Failure) -> [String: ParameterValue] {
        var values: [String: ParameterValue] = [:]
        for word in arguments[parameters] {
            for pair in ParameterWords.pairs(word) {
                let (name, value) = try split(pair, option: "--parameters")
                if values[name] != nil { throw Failure(.usage, "--parameters gives '\(name)' twice") }
                values[name] = ParameterValue(value)
            }
        }
        for word in arguments[secrets] {
            let (name, source) = try split(word, option: "--secret")
            let secret = try SecretReference(parsing: source)
            values[name] = ParameterValue(try instance.services.secret(secret), isSecret: true)
        }
        return values
    }

    /// A value may hold an equals sign; a name cannot.
    private static func split(_ word: String, option: String) throws(Failure) -> (String, String) {
        guard let equals = word.firstIndex(of: "="), equals != word.startIndex, word.index(after: equals) != word.endIndex else {
            throw Failure(.usage, "\(option) takes a name and a value with an equals sign between them")
        }
        return (String(word[..<equals]), String(word[word.index(after: equals)...]))
    }

    private static func logFolder(_ arguments: ParsedArguments, _ workspace: Workspace) throws(Failure) -> String {
        if let folder = arguments[logs] { return folder }
        // As AWSTOE calls it, without the time zone, which is always UTC.
        let time = workspace.now.description.replacing(":", with: "-").replacing("T", with: "_").replacing("Z", with: "")
        return "\(workspace.home)/runs/TOE_\(time)_UTC-0_\(try workspace.token())"
    }
}
