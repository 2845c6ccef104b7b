// HTTPServer: HTTP/1.1 (RFC 9112), also under TLS, within limits on everything.
//
// A few threads share one epoll. A connection that waits for its client costs memory and no thread: a thread is taken only when bytes have
// come, and given back when they are used up; a handshake of TLS is no exception. So neither a thousand idle connections nor clients that
// send a byte a second keep honest requests waiting. Whatever two readers of HTTP could understand in two ways is refused (`RequestParser`), and the connection closed.
import Platform
import Synchronization
import TLS

/// A server on one address. `run` is the whole of its life.
package final class Server: Sendable {
    package typealias Handler = @Sendable (Request) -> Response
    /// What the server shows to a new client, under TLS.
    package typealias Identity = @Sendable () -> TLSIdentity

    /// The port that is listened on, also where any free one was asked for.
    package let port: UInt16
    private let limits: ServerLimits
    private let environment: Environment
    private let handler: Handler
    private let identity: Identity?
    private let listener: Listener
    private let poll: Poll
    private let connections: ConnectionTable
    private let budget: PendingBytes
    /// Wakes the threads at the end.
    private let bell: Pipe
    private let isDraining = Atomic<Bool>(false)
    private let isOver = Atomic<Bool>(false)

    /// The id of the listening socket among those that are watched.
    private static let listenerID: UInt64 = 0
    private static let bellID = UInt64.max
    /// How long a thread waits for an event before it looks whether the server is over, in milliseconds.
    private static let patience = 200

    /// Listens from here on; clients wait until `run`. `address` is numeric; port 0 is any free one. With an identity it speaks TLS alone.
    package convenience init(
        address: String = "127.0.0.1", port: UInt16, limits: ServerLimits = ServerLimits(), environment: Environment,
        identity: Identity? = nil, handler: @escaping Handler
    ) throws(SystemError) {
        try self.init(
            Listener(address: address, port: port), limits: limits, environment: environment, identity: identity,
            handler: handler)
    }

    /// Serves whoever comes to a socket that listens.
    package init(
        _ listener: consuming Listener, limits: ServerLimits, environment: Environment, identity: Identity? = nil,
        handler: @escaping Handler
    ) throws(SystemError) {
        port = listener.port
        let socket = listener.socket.raw
        let shown = listener.socket.path
        self.listener = listener
        poll = try Poll()
        bell = try Pipe()
        self.limits = limits.fitting(descriptors: Listener.raiseDescriptorLimit())
        self.environment = environment
        self.handler = handler
        self.identity = identity
        connections = ConnectionTable()
        budget = PendingBytes(limits.pending)
        guard poll.watch(socket, id: Self.listenerID, for: .reading, isNew: true),
            poll.watch(bell.readEnd.raw, id: Self.bellID, for: .reading, isNew: true)
        else { throw SystemError("epoll_ctl", shown) }
    }

    /// Serves until the environment's run is cancelled; then finishes what was begun, for at most `ServerLimits.drainTime`.
    package func run() {
        Threads.concurrently(limits.threads + 1) { worker in worker == 0 ? self.supervise() : self.work() }
        for connection in connections.all { connection.close() }
    }

    // MARK: Watching over it

    private func supervise() {
        while !environment.cancellation.isCancelled {
            environment.wait(limits.sweepInterval)
            closeLate()
        }
        isDraining.store(true, ordering: .releasing)
        let end = environment.uptime() + limits.drainTime
        while connections.count > 0 && environment.uptime() < end {
            for connection in connections.all where connection.closeIfIdle() { connections.remove(connection) }
            // Not the environment's waiting, which ends at once in a run that is cancelled.
            poll.pause(milliseconds: 10)
        }
        isOver.store(true, ordering: .releasing)
        try? bell.writeEnd.write([1])
    }

    private func closeLate() {
        let now = environment.uptime()
        for connection in connections.all where connection.closeIfLate(now) { connections.remove(connection) }
    }

    // MARK: The threads

    private func work() {
        while !isOver.load(ordering: .acquiring) {
            guard let id = poll.wait(milliseconds: Self.patience) else { continue }
            switch id {
            case Self.listenerID: accept()
            // The byte stays, for the next thread.
            case Self.bellID: _ = poll.watch(bell.readEnd.raw, id: Self.bellID, for: .reading, isNew: false)
            default: if let connection = connections[id] { serve(connection) }
            }
        }
    }

    private func accept() {
        if isDraining.load(ordering: .acquiring) { return }
        while takeConnection() {}
        _ = poll.watch(listener.socket.raw, id: Self.listenerID, for: .reading, isNew: false)
    }

    /// False where no connection waits.
    private func takeConnection() -> Bool {
        switch listener.accept() {
        case .none: return false
        case .full:
            makeRoom()
            return false
        case .connection(let socket):
            if connections.count >= limits.connections { makeRoom() }
            guard let channel = Channel(socket, identity) else { return true }
            let connection = Connection(
                id: connections.newID(), channel: channel, limits: limits, budget: budget, now: environment.uptime())
            connections.add(connection)
            watch(connection, for: .reading, isNew: true)
            return true
        }
    }

    /// The connection that has been idle for longest goes; where none is idle, the one that is nearest to its deadline.
    private func makeRoom() {
        for connection in connections.all.sorted(by: { $0.deadline < $1.deadline }) where connection.closeIfFree() {
            connections.remove(connection)
            return
        }
    }

    private func serve(_ connection: Connection) {
        let next = connection.advance(
            now: environment.uptime, isLast: { self.isDraining.load(ordering: .acquiring) }, handler: handler)
        switch next {
        case .wait(let interest): watch(connection, for: interest, isNew: false)
        case .closed: connections.remove(connection)
        }
    }

    private func watch(_ connection: Connection, for interest: Poll.Interest, isNew: Bool) {
        if connection.watch(on: poll, for: interest, isNew: isNew) { return }
        connection.close()
        connections.remove(connection)
    }
}
