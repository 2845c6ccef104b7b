/// The walls around a program that can be left out one by one. All stand, always; tests leave one out to show that their probe of it
/// would see a hole.
package struct Walls: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// The filter of system calls.
    package static let filter = Walls(rawValue: 1 << 0)
    /// A process namespace, and with it a `/proc` of its own. Without it the host's is there, read-only.
    package static let processes = Walls(rawValue: 1 << 1)
    /// System V objects and POSIX message queues.
    package static let messages = Walls(rawValue: 1 << 2)
    /// The host's name.
    package static let names = Walls(rawValue: 1 << 3)
    /// A network namespace, where no network was asked for.
    package static let network = Walls(rawValue: 1 << 4)
    /// `/proc/sys` read-only, files of `/proc` that tell of the host hidden, `/dev` and `/sys` read-only.
    package static let system = Walls(rawValue: 1 << 5)
    /// Only some of root's privileges over the namespaces.
    package static let capabilities = Walls(rawValue: 1 << 6)
    /// No way to the addresses that the host has when the network is made.
    package static let hostAddresses = Walls(rawValue: 1 << 7)

    package static let all: Walls = [
        .filter, .processes, .messages, .names, .network, .system, .capabilities, .hostAddresses,
    ]
}
