import Cloud
import HTTPServer
import Model
import Orchestration
import Platform
import Sandbox

/// The metadata service of one mounted instance: it answers the instance's own programs, and goes with its tree.
final class MetadataDoor: Sendable {
    private let companion: Companion

    /// 169.254.169.254, in host order.
    private static let address: UInt32 = 0xA9FE_A9FE
    private static let port: UInt16 = 80

    /// Answers from here on. No program may have run in the tree. `.unavailable` where the kernel cannot give the tree an address.
    init(
        of id: InstanceID, in tree: LiveTree, network: NetworkAccess, _ region: EmbeddedRegion, _ workspace: Workspace
    ) throws(Failure) {
        let service = try MetadataService(id, in: region, workspace.plane)
        let listener = Listener(try tree.listen(at: Self.address, port: Self.port, network: network), port: Self.port)
        do throws(SystemError) {
            let own = try Companion.Run(workspace.environment)
            let server = try Server(
                listener, limits: MetadataService.limits, environment: own.environment, handler: { service.respond(to: $0) })
            companion = try Companion(own) { server.run() }
        } catch { throw Failure(.io, "the metadata of the instance \(id) cannot be served", cause: error) }
    }

    func close() { companion.stop() }
}
