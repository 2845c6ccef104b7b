import Cloud
import CommandLineKit
import ImageStore
import Model
import Orchestration
import Text

enum CopyCommand: Command {
    static let image = Argument<String>("image", "The image", values: .dynamic("image"))
    static let to = Option<String>("to", value: "region", "Where the copy goes", values: .dynamic("region"))
    static let name = Option<String?>("name", value: "name", "What the copy is called; the name of the original otherwise")

    static let encrypted = Flag("encrypted", "Encrypt the copy; that of an encrypted image always is")
    static let key = Option<String?>(
        "kms-key-id", value: "key", "The key of the other region, by id, ARN or alias; the account's default one otherwise")

    static var specification: Specification {
        Specification(
            "copy", "Copy an image to another region",
            discussion: """
                Only what the other region does not have is moved, and every byte is verified there before the copy is shown as available. \
                Where the region has a copy already, nothing is done. An encrypted image is decrypted under the key that it is under and \
                encrypted under that of its copy; the account needs the use of both.
                """,
            examples: [
                Example("ingot copy web-server --to us-west-2", "A copy of the newest version"),
                Example(
                    "ingot copy web-server --to us-west-2 --encrypted --kms-key-id alias/golden",
                    "Encrypted under a key of us-west-2"),
            ],
            parameters: [image, to, name, encrypted, key, OutputFormat.resultOption], heading: Heading.images)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let region = try RegionName(existing: arguments[to])
        let name = try arguments[name].map { (text) throws(Failure) in try AMIName(parsing: text) }
        guard arguments[encrypted] || arguments[key] == nil else {
            throw Failure(.usage, "--kms-key-id is given without --encrypted", hint: "add --encrypted")
        }
        let naming = Distributor.Naming(name: name, isEncrypted: arguments[encrypted], key: arguments[key])
        let workspace = try context.recoveredWriter()
        let image = try context.anyImage(arguments[image], in: workspace)
        try ensureAllowed(image, to: region, in: workspace, as: context.settings.account)
        let progress = ProgressReport(context)
        let step = BuildProgress.copyStep(region)
        let distributor = Distributor(workspace) { _, done, total in
            progress.update(step, done: ProgressAmount(done, of: total))
        }
        let copy = try progress.during {
            progress.begin(step)
            let copy = try distributor.copy(image, to: region, naming: naming)
            BuildProgress(progress).show(.copied(copy))
            return copy
        }
        try context.print(
            as: arguments[OutputFormat.resultOption], json: CopyJSON(copy), quiet: copy.image.id.description,
            text: { text(copy, of: image.id) })
        return .success
    }

    /// What another account owns is copied by the rules that CopyImage has.
    private static func ensureAllowed(
        _ image: ImageRecord, to region: RegionName, in workspace: Workspace, as account: AccountID
    ) throws(Failure) {
        if image.owner == account { return }
        let rehearsal = try workspace.plane.actions(in: region, as: .account(account), isDryRun: true)
        let copying = ImageCopying(name: image.name.description, sourceRegion: image.region, source: image.id)
        do throws(Failure) { _ = try rehearsal.copyImage(copying) } catch { if error.planeError != .dryRun { throw error } }
    }

    private static func text(_ copy: Distributor.Copy, of original: ImageID) -> String {
        let place = "\(copy.image.region) as \(copy.image.id)"
        return copy.isNew
            ? "copied \(original) to \(place): \(Amount.count(copy.moved.objects, "object")), \(Amount.bytes(copy.moved.storedBytes)) moved\n"
            : "nothing to do: \(original) is in \(place) already\n"
    }
}

/// `ingot copy --output json`.
struct CopyJSON: Encodable {
    let image: ImageJSON
    let isNew: Bool
    let movedBytes: UInt64

    init(_ copy: Distributor.Copy) {
        image = ImageJSON(copy.image)
        isNew = copy.isNew
        movedBytes = copy.moved.storedBytes
    }
}
