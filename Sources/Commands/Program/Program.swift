import CommandLineKit

extension Ingot {
    /// All commands, in the order of help.
    package static let program = Program<CommandContext>(
        Specification(
            "ingot", "Build, version and distribute golden machine images",
            discussion: """
                An image is written as its AMI id, its AMI name, or the name of its recipe with or without a version: web-server, \
                web-server/1.4.x, web-server/1.4.2/3. Put a region and a colon before it to mean the one in that region. Without a region \
                all regions are looked at, and an original wins over its copies.

                A pipeline is written as its name, for pipelines/NAME.yaml below the working directory, or as the path of its file.
                """,
            examples: [
                Example("ingot build pipelines/demo.yaml", "Builds an image"),
                Example("ingot images", "Lists the images"),
                Example("ingot show web-server", "Shows the newest image of a recipe"),
            ]),
        version: version,
        globals: [
            GlobalOptions.home, GlobalOptions.region, GlobalOptions.config, GlobalOptions.actor, GlobalOptions.quiet,
            GlobalOptions.noColor,
        ],
        exitStatuses: exitStatuses,
        commands: [
            .command(BuildCommand.self), .command(PlanCommand.self), .command(BuildsCommand.self), .command(StagesCommand.self),
            .command(ImagesCommand.self), .command(ShowCommand.self), .command(DiffCommand.self), .command(ChangelogCommand.self),
            .command(ListFilesCommand.self),
            .command(PrintFileCommand.self), .command(BlameCommand.self), .command(AuditCommand.self),
            .command(InventoryCommand.self), .command(SBOMCommand.self),
            .command(ShellCommand.self),
            .command(CertificateCommand.self), .command(VerifyCommand.self),
            .group(
                Specification("keys", "Keep the keys that sign documents about images", heading: Heading.workspace),
                [
                    .command(KeyListCommand.self), .command(KeyCreateCommand.self), .command(KeyShowCommand.self),
                    .command(KeyExportCommand.self),
                ]),
            .command(ImportCommand.self),
            .command(ExportCommand.self), .command(CopyCommand.self),
            .command(DeprecateCommand.self), .command(DisableCommand.self), .command(EnableCommand.self),
            .command(ProtectCommand.self), .command(DeregisterCommand.self), .command(SnapshotsCommand.self),
            .command(CostCommand.self),
            .group(
                Specification("bundle", "Bundles of images on an instance store", heading: Heading.images),
                [.command(BundleCertificateCommand.self)]),
            .group(
                Specification("recycle-bin", "Take deregistered images back", heading: Heading.life),
                [
                    .command(RecycleBinListCommand.self), .command(RecycleBinRestoreCommand.self),
                    .command(RecycleBinKeepCommand.self),
                ]),
            .command(LaunchCommand.self), .command(InstancesCommand.self), .command(ExecCommand.self),
            .group(
                Specification("instance", "Stop, restart and look at instances", heading: Heading.instances),
                [
                    .command(InstanceStartCommand.self), .command(InstanceStopCommand.self),
                    .command(InstanceRebootCommand.self), .command(InstanceTerminateCommand.self),
                    .command(InstanceSyncCommand.self), .command(InstanceImageCommand.self),
                    .command(InstanceConsoleCommand.self),
                ]),
            .command(AccountsCommand.self), .command(ShareCommand.self), .command(UnshareCommand.self),
            .command(PublicAccessCommand.self),
            .group(
                Specification("kms-key", "Keep the keys that images are encrypted under", heading: Heading.accounts),
                [
                    .command(KMSKeyListCommand.self), .command(KMSKeyShowCommand.self), .command(KMSKeyCreateCommand.self),
                    .command(KMSKeyEnableCommand.self), .command(KMSKeyDisableCommand.self),
                    .command(KMSKeyScheduleDeletionCommand.self), .command(KMSKeyCancelDeletionCommand.self),
                ]),
            .group(
                Specification("scan", "Look for what must not be in an image", heading: Heading.images),
                [.command(ScanSecretsCommand.self), .command(ScanPackagesCommand.self)]),
            .group(
                Specification("component", "Check and run AWSTOE component documents", heading: Heading.build),
                [.command(ComponentValidateCommand.self), .command(ComponentRunCommand.self)]),
            .command(PromoteCommand.self), .command(ChannelsCommand.self),
            .group(
                Specification("schedule", "Build and copy at set times", heading: Heading.release),
                [.command(ScheduleListCommand.self), .command(ScheduleNextCommand.self), .command(ScheduleRunCommand.self)]),
            .group(
                Specification("parameter", "Keep values that component documents refer to", heading: Heading.build),
                [
                    .command(ParameterPutCommand.self), .command(ParameterGetCommand.self), .command(ParameterListCommand.self),
                    .command(ParameterHistoryCommand.self), .command(ParameterDeleteCommand.self),
                ]),
            .command(ServeCommand.self),
            .group(
                Specification("credentials", "Keep the access keys that the endpoint accepts", heading: Heading.endpoint),
                [
                    .command(CredentialsCreateCommand.self), .command(CredentialsListCommand.self),
                    .command(CredentialsRevokeCommand.self),
                ]),
            .command(CheckCommand.self), .command(CollectCommand.self), .command(EventsCommand.self),
            .command(CompletionsCommand.self), .command(VersionCommand.self), .command(ReferenceCommand.self),
        ],
        dynamicValues: DynamicValues.candidates)
}

/// The headings under which help lists the commands.
enum Heading {
    static let build = "Build"
    static let images = "Images"
    static let life = "Life of images"
    static let instances = "Instances"
    static let accounts = "Accounts and sharing"
    static let release = "Release"
    static let workspace = "Workspace"
    static let endpoint = "Endpoint"
    static let shell = "Shell"
}
