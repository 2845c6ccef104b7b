import Cloud
import CommandLineKit
import FoundationEssentials
import Model
import Orchestration
import Platform

enum LaunchCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let type = Option<String>("type", value: "type", "The instance type", default: "t3.micro")
    static let zone = Option<String?>("zone", value: "zone", "The availability zone: us-east-1a")
    static let key = Option<String?>("key", value: "name", "The key pair whose public key may log in")
    static let userData = Option<String?>(
        "user-data", value: "file", "What the instance carries out at its first boot", values: .file)
    static let name = Option<String?>("name", value: "text", "A tag Name")

    static var specification: Specification {
        Specification(
            "launch", "Launch an instance of an image",
            discussion: "As EC2's RunInstances does. `ingot exec` runs programs on it.",
            examples: [
                Example("ingot launch web-server", "Prints the instance's id"),
                Example("ingot launch web-server --user-data setup.sh --zone us-east-1b", "With a script for the first boot"),
            ],
            parameters: [image, type, zone, key, userData, name, OutputFormat.resultOption], heading: Heading.instances)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let image = try context.ownedImage(arguments[image])
        var launch = InstanceLaunch(image: image.id, type: arguments[type], least: 1, most: 1)
        launch.zone = arguments[zone]
        launch.keyName = arguments[key]
        if let file = arguments[userData] { launch.userData = try text(of: file) }
        if let name = arguments[name] { launch.tags = try TagSet([Tag(key: "Name", value: name)]) }
        let ids = try image.actions.runInstances(launch).map(\.id)
        guard let record = try image.actions.instances().first(where: { ids.contains($0.id) }) else {
            throw Failure(PlaneError.notFound(instances: ids))
        }
        if record.state == .terminated {
            throw Failure(
                .denied, "\(record.id) was not launched: \(record.stateReason?.message ?? "it ended at once")",
                hint: "`ingot kms-key list` says in which state the keys of a region are")
        }
        let row = InstanceRow(instance: record, region: image.region)
        try context.print(
            as: arguments[OutputFormat.resultOption], json: row.json, quiet: row.quietValue,
            text: { "\(record.id) is \(record.state.rawValue) in \(record.subnet.zone)\n" })
        return .success
    }

    /// In base64, as EC2 takes it: at most 16 KiB before that.
    private static func text(of file: String) throws(Failure) -> String {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(file, limit: 1 << 20) } catch {
            throw Failure(error.isNotFound ? .notFound : .io, "the file \(file) cannot be read", cause: error)
        }
        guard bytes.count <= 16_384 else {
            throw Failure(PlaneError(.invalidParameterValue, "User data is limited to 16384 bytes"))
        }
        return Data(bytes).base64EncodedString()
    }
}
