import Crypto
import HTTPServer
import Model
import Platform
import Synchronization

/// Addresses of this machine at which instances are reached by ssh: 127.x.y.z, one for each instance, always the same one where it is free.
final class SecureShellDoors: Sendable {
    private let port: UInt16?
    private let poll: Poll
    private let state = Mutex(State())

    private struct State {
        var doors: [UInt64: Door] = [:]
        /// The doors of an instance: at its own address first, then at elastic ones.
        var ids: [Place: [UInt64]] = [:]
        var next: UInt64 = 1
    }

    private final class Door: Sendable {
        let place: Place
        let address: String
        let listener: Listener

        init(_ place: Place, _ address: String, _ listener: consuming Listener) {
            self.place = place
            self.address = address
            self.listener = listener
        }

        func accept() -> FileDescriptor? {
            switch listener.accept() {
            case .connection(let socket): socket
            case .none: nil
            case .full: nil
            }
        }
    }

    /// Somebody who came.
    final class Arrival: Sendable {
        let place: Place
        let socket: FileDescriptor

        init(_ place: Place, _ socket: consuming FileDescriptor) {
            self.place = place
            self.socket = socket
        }
    }

    private static let most = 2000
    private static let attempts = 4

    init(port: UInt16?) throws(SystemError) {
        self.port = port
        poll = try Poll()
    }

    /// Does nothing where there is a door, too many are there, or no address can be had.
    func open(_ place: Place) {
        for attempt in 0..<Self.attempts {
            guard state.withLock({ $0.ids[place] == nil }) else { return }
            if open(place, at: Self.address(of: place, attempt), isFirst: true) { return }
        }
    }

    /// Makes the elastic addresses of an instance that has a door lead to it, and no others.
    func lead(_ addresses: [String], to place: Place) {
        let known: [String]? = state.withLock { state in
            guard let ids = state.ids[place] else { return nil }
            let others = ids.dropFirst()
            for id in others where !addresses.contains(state.doors[id]?.address ?? "") { state.doors[id] = nil }
            state.ids[place] = ids.filter { state.doors[$0] != nil }
            return others.compactMap { state.doors[$0]?.address }
        }
        guard let known else { return }
        for address in addresses where !known.contains(address) { _ = open(place, at: address, isFirst: false) }
    }

    private func open(_ place: Place, at address: String, isFirst: Bool) -> Bool {
        guard let port, state.withLock({ $0.doors.count < Self.most }),
            let listener = try? Listener(address: address, port: port)
        else { return false }
        let socket = listener.socket.raw
        let door = Door(place, address, listener)
        let opened: UInt64? = state.withLock { state in
            // Somebody else was faster, or the instance has ended.
            guard (state.ids[place] == nil) == isFirst else { return nil }
            let id = state.next
            state.next += 1
            state.doors[id] = door
            state.ids[place, default: []].append(id)
            return id
        }
        guard let id = opened else { return false }
        if poll.watch(socket, id: id, for: .reading, isNew: true) { return true }
        state.withLock { state in
            state.doors[id] = nil
            state.ids[place]?.removeAll { $0 == id }
            if state.ids[place]?.isEmpty ?? false { state.ids[place] = nil }
        }
        return false
    }

    func close(_ place: Place) {
        state.withLock { state in
            for id in state.ids.removeValue(forKey: place) ?? [] { state.doors[id] = nil }
        }
    }

    func closeAll() {
        state.withLock { state in
            state.doors = [:]
            state.ids = [:]
        }
    }

    func address(of place: Place) -> String? {
        state.withLock { state in state.ids[place]?.first.flatMap { state.doors[$0]?.address } }
    }

    /// Who has come; waits at most so many milliseconds for the first.
    func arrivals(within milliseconds: Int) -> [Arrival] {
        guard let id = poll.wait(milliseconds: milliseconds), let door = state.withLock({ $0.doors[id] }) else { return [] }
        var arrivals: [Arrival] = []
        while arrivals.count < 64 {
            guard let socket = door.accept() else { break }
            arrivals.append(Arrival(door.place, socket))
        }
        _ = poll.watch(door.listener.socket.raw, id: id, for: .reading, isNew: false)
        return arrivals
    }

    /// Between 127.64.0.1 and 127.191.255.254, by the instance's id.
    private static func address(of place: Place, _ attempt: Int) -> String {
        let bytes = SHA256.digest(of: "\(place.region)/\(place.instance)/\(attempt)").bytes
        return "127.\(64 + bytes[0] % 128).\(bytes[1]).\(1 + bytes[2] % 254)"
    }
}
