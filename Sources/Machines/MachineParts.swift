import Cloud
import Model
import Platform
import Sandbox

extension InstanceRecord {
    /// The name that programs see: `ip-172-31-0-4`.
    var hostName: String { "ip-" + address.map { $0 == "." ? "-" : String($0) }.joined() }
}

/// Whether programs of instances can reach the network.
enum OutgoingAccess {
    /// Outgoing connections where slirp4netns is there to make them, else none.
    static var available: NetworkAccess { Programs.find("slirp4netns") == nil ? .none : .outgoing }
}

extension Environment {
    /// Runs into a planned fault, in tests.
    func planned(_ name: StaticString) throws(Failure) {
        do throws(SystemError) { try failpoint(name) } catch {
            throw Failure(.io, "a planned fault at \(name)", cause: error)
        }
    }
}
