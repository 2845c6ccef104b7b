import Cloud
import CommandLineKit
import Model
import Orchestration

enum BundleCertificateCommand: Command {
    static var specification: Specification {
        Specification(
            "certificate", "Print the certificate for which bundles of a region are encrypted",
            discussion: """
                For tools that make bundles of images on an instance store: `ec2-bundle-image --ec2cert FILE`, `euca-bundle-image --ec2cert FILE`. \
                RegisterImage reads what is encrypted for it. Each region has its own: that of --region, or us-east-1. It is made when it is \
                first asked for.
                """,
            examples: [Example("ingot bundle certificate > cert-ec2.pem", "In PEM")], parameters: [])
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        let plane = try context.writer().plane
        let region = try plane.makeRegion(try context.meantRegion())
        try context.print(String(decoding: try region.bundleCertificate(), as: UTF8.self))
        return .success
    }
}
