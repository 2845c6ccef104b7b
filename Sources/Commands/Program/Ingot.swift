import CommandLineKit
import Glibc
import Model
import Platform

/// The whole program.
package enum Ingot {
    package static let version = ProgramVersion.text

    /// Runs the command line of this process, and ends it.
    package static func main() -> Never {
        StandardStream.ignoreBrokenPipes()
        let variables = variables(ProcessVariables.all)
        let console = Console.standard(environment: variables)
        let remains = Remains()
        let status = program.run(
            Array(CommandLine.arguments.dropFirst()), environment: variables, console: console,
            makeContext: { try CommandContext($0, console: console, variables: variables, remains: remains) },
            describe: FailureReport.describe)
        withExtendedLifetime(remains) { exit(status.code) }
    }

    /// The region of the AWS tools counts where Ingot has none of its own.
    static func variables(_ environment: [String: String]) -> [String: String] {
        guard environment["INGOT_REGION", default: ""].isEmpty, let region = environment["AWS_REGION"] else { return environment }
        return environment.merging(["INGOT_REGION": region]) { _, new in new }
    }

    static let exitStatuses = [
        ExitMeaning(0, "The command did what it says"),
        ExitMeaning(1, "A stage, a check or a gate said no"),
        ExitMeaning(64, "The command line is wrong"),
        ExitMeaning(65, "A document, an archive or an argument does not hold what it must"),
        ExitMeaning(66, "What was named does not exist"),
        ExitMeaning(69, "A program or service that is needed is missing"),
        ExitMeaning(70, "A fault of Ingot itself"),
        ExitMeaning(73, "What was to be made exists, or changed meanwhile"),
        ExitMeaning(74, "Reading or writing failed, or the disk is full"),
        ExitMeaning(75, "Another command is at it: try again later"),
        ExitMeaning(76, "Stored data is damaged"),
        ExitMeaning(77, "The operating system or a policy refuses"),
        ExitMeaning(130, "Stopped by Ctrl-C"),
    ]
}
