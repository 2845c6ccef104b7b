import CommandLineKit
import Components
import Model
import Platform

enum ComponentValidateCommand: Command {
    static let documents = Argument<[String]>("document", "Files of component documents", values: .file, minimum: 1)

    static var specification: Specification {
        Specification(
            "validate", "Check component documents whole, without running anything",
            discussion: """
                Every error is told with its file, line and column: unknown actions and fields, missing inputs, references to what is not there or \
                comes later, conditions and loops that cannot work.
                """,
            examples: [Example("ingot component validate recipes/components/*.yaml", "Checks all of a folder")],
            parameters: [documents], exitStatuses: [ExitMeaning(65, "A document has errors")])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        var worst = ExitStatus.success
        for file in arguments[documents] {
            do {
                let document = try ComponentDocument(reading: file)
                let steps = document.phases.map { "\($0.name) (\($0.steps.count))" }.joined(separator: ", ")
                try context.printLine("\(file): valid; steps of \(steps)")
            } catch let failure as Failure {
                for line in FailureReport.lines(failure) { try context.console.error.writeLine(line) }
                worst = ExitStatus(max(worst.code, failure.code.exitStatus))
            }
        }
        return worst
    }
}

extension ComponentDocument {
    /// Reads a document of the host.
    init(reading file: String) throws(Failure) {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(file, limit: Limits.bytes + 1) } catch {
            throw Failure(
                error.isNotFound ? .notFound : .io, "the component document \(file) cannot be read", cause: error)
        }
        try self.init(parsing: bytes, file: file)
    }
}
