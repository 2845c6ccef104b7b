import Platform
import Synchronization

/// One connection of a client. A thread has it while it advances; otherwise it waits in the poll, or is closed by who watches over times.
final class Connection: Sendable {
    enum Next {
        case wait(Poll.Interest)
        case closed
    }

    let id: UInt64
    private let limits: ServerLimits
    private let state: Mutex<State>
    /// When it is closed unless something comes, by `Environment.uptime`. Read without the lock, for an order alone.
    private let due: Atomic<UInt64>

    private enum Phase {
        /// Nothing of a request has come.
        case idle
        /// A part of one has come.
        case reading
        /// An answer is not taken yet.
        case writing
        /// The last answer is sent. What still comes is thrown away, so that the client gets to read the answer.
        case leaving
    }

    private struct State: ~Copyable {
        var channel: Channel
        var parser: RequestParser
        var phase = Phase.idle
        /// Bytes to be sent, and how many of the first piece are.
        var output: [[UInt8]] = []
        var sent = 0
        /// Pieces of the answer that come behind the output, the last one first.
        var later: [Response.Piece] = []
        /// Whether the connection ends with the output.
        var isLast = false
        /// Bytes that were thrown away while leaving.
        var thrown = 0
        /// When the request began to come.
        var begun: UInt64 = 0
        private let budget: PendingBytes
        private let uncounted: Int
        /// What is taken from the budget.
        private var counted = 0

        init(_ channel: consuming Channel, _ limits: ServerLimits, _ budget: PendingBytes) {
            self.channel = consume channel
            parser = RequestParser(limits: limits)
            self.budget = budget
            uncounted = limits.uncounted
        }

        /// Takes from the budget what is held of a request, or gives back. False where too little is left.
        mutating func count() -> Bool {
            let wanted = max(0, parser.pending + channel.held - uncounted)
            if wanted > counted, !budget.take(wanted - counted) { return false }
            if wanted < counted { budget.giveBack(counted - wanted) }
            counted = wanted
            return true
        }

        /// Forgets what has come.
        mutating func drop(_ limits: ServerLimits) {
            parser = RequestParser(limits: limits)
            _ = count()
        }

        var isClosed: Bool { channel.isClosed }

        /// Makes the next piece the output. False where it is not what was promised.
        mutating func takePiece(_ piece: Response.Piece) -> Bool {
            later.removeLast()
            guard let bytes = piece.bytes(), bytes.count == piece.count else { return false }
            output = [bytes]
            return true
        }

        mutating func close() {
            (output, later) = ([], [])
            budget.giveBack(counted)
            counted = 0
            channel.close()
        }
    }

    private static let pieceSize = 64 << 10
    /// Bytes that are thrown away after a refusal before the connection is cut.
    private static let mostThrown = 1 << 20

    init(id: UInt64, channel: consuming Channel, limits: ServerLimits, budget: PendingBytes, now: UInt64) {
        self.id = id
        self.limits = limits
        state = Mutex(State(channel, limits, budget))
        due = Atomic(now + limits.headTime)
    }

    var deadline: UInt64 { due.load(ordering: .relaxed) }

    // MARK: Closing

    func close() { state.withLock { $0.close() } }

    /// True where this closed it. False also where a thread has it, which is not late then.
    func closeIfLate(_ now: UInt64) -> Bool { now >= deadline && closeIfFree() }

    func closeIfFree() -> Bool { state.withLockIfAvailable { $0.close() } != nil }

    func closeIfIdle() -> Bool {
        state.withLockIfAvailable { state in
            guard state.phase == .idle || state.isClosed else { return false }
            state.close()
            return true
        } ?? false
    }

    /// False where the connection is closed, or cannot be watched.
    func watch(on poll: borrowing Poll, for interest: Poll.Interest, isNew: Bool) -> Bool {
        state.withLock { state in
            !state.isClosed && poll.watch(state.channel.raw, id: id, for: interest, isNew: isNew)
        }
    }

    // MARK: Going on

    /// Reads what has come, answers what is whole, and sends what can be sent.
    func advance(now: () -> UInt64, isLast: () -> Bool, handler: Server.Handler) -> Next {
        state.withLock { state in
            if state.isClosed { return .closed }
            var next = step(&state, now, isLast, handler)
            // Whoever sends several requests at once gets them answered in turn, but lets others have the thread between.
            var turns = 0
            while next == nil && turns < 16 {
                next = step(&state, now, isLast, handler)
                turns += 1
            }
            let result = next ?? .wait(.writing)
            if case .closed = result { state.close() }
            return result
        }
    }

    /// Nil where there is more to do at once.
    private func step(_ state: inout State, _ now: () -> UInt64, _ isLast: () -> Bool, _ handler: Server.Handler) -> Next? {
        if !state.output.isEmpty || state.channel.hasOutput {
            switch send(&state) {
            case .some(let next): return next
            case .none: break
            }
            if state.isLast { return leave(&state, now()) }
        }
        if state.phase == .leaving { return throwAway(&state) }
        switch state.parser.next() {
        case .request(let request, let keepsConnection):
            // What is left is less than what was counted.
            _ = state.count()
            answer(&state, handler(request), isLast: !keepsConnection || isLast(), isHead: request.method == "HEAD", now())
            return nil
        case .refused(let refusal):
            answer(&state, Response(refusal.status, body: Array("\(refusal.reason)\n".utf8)), isLast: true, isHead: false, now())
            return nil
        case .incomplete(asksToContinue: true):
            state.output = [Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)]
            return nil
        case .incomplete(asksToContinue: false): return receive(&state, now())
        }
    }

    private func answer(_ state: inout State, _ response: Response, isLast: Bool, isHead: Bool, _ now: UInt64) {
        var head = response.head(keepsConnection: !isLast)
        state.isLast = isLast
        state.phase = .writing
        due.store(now + limits.requestTime, ordering: .relaxed)
        state.later = []
        if !isHead, !response.pieces.isEmpty {
            let body = response.body
            state.output = [head]
            state.later = [Response.Piece(count: body.count) { body }] + response.pieces.reversed()
        } else if isHead || response.body.isEmpty {
            state.output = [head]
        } else if response.body.count <= Self.pieceSize {
            head.append(contentsOf: response.body)
            state.output = [head]
        } else {
            state.output = [head, response.body]
        }
    }

    /// Nil where all is sent.
    private func send(_ state: inout State) -> Next? {
        while true {
            if state.output.isEmpty {
                guard let piece = state.later.last else { break }
                guard state.takePiece(piece) else { return .closed }
            }
            let more = state.output.count > 1 || !state.later.isEmpty
            switch state.channel.send(state.output[0], from: &state.sent, more: more) {
            case .blocked: return .wait(.writing)
            case .broken: return .closed
            case .done:
                state.output.removeFirst()
                state.sent = 0
            }
        }
        switch state.channel.flush() {
        case .done: return nil
        case .blocked: return .wait(.writing)
        case .broken: return .closed
        }
    }

    /// Nil where something came.
    private func receive(_ state: inout State, _ now: UInt64) -> Next? {
        switch state.channel.receive() {
        case .bytes(let bytes):
            if !bytes.isEmpty {
                take(bytes, &state, now)
            } else if !state.count() {
                return giveUp(&state, now)
            }
            return nil
        case .end: return .closed
        case .refused: return refuse(&state, now)
        case .plain:
            let response = Response(400, body: Array("this port speaks TLS: ask it by https\n".utf8))
            answer(&state, response, isLast: true, isHead: false, now)
            return nil
        case .nothing: break
        }
        // Until a handshake is over the time for it runs.
        guard state.channel.isOpen else { return .wait(.reading) }
        if !state.parser.isInRequest {
            state.phase = .idle
            due.store(now + limits.idleTime, ordering: .relaxed)
        } else if state.parser.isInBody {
            due.store(state.begun + limits.requestTime, ordering: .relaxed)
        }
        return .wait(.reading)
    }

    private func take(_ bytes: ArraySlice<UInt8>, _ state: inout State, _ now: UInt64) {
        if !state.parser.isInRequest { state.begun = now }
        state.parser.append(bytes)
        state.phase = .reading
        let span = state.parser.isInBody ? limits.requestTime : limits.headTime
        due.store(state.begun + span, ordering: .relaxed)
        if !state.count() { _ = giveUp(&state, now) }
    }

    /// All connections together hold too much. Whose handshake is not over cannot be told.
    private func giveUp(_ state: inout State, _ now: UInt64) -> Next? {
        guard state.channel.isOpen else { return .closed }
        state.drop(limits)
        let response = Response(503, body: Array("too much is being sent at once\n".utf8))
        answer(&state, response, isLast: true, isHead: false, now)
        return nil
    }

    /// What came is no TLS that is spoken here: the client is told so in its words, where there are any, and the connection ends.
    private func refuse(_ state: inout State, _ now: UInt64) -> Next? {
        guard state.channel.hasOutput else { return .closed }
        state.drop(limits)
        state.output = []
        state.isLast = true
        state.phase = .writing
        due.store(now + limits.headTime, ordering: .relaxed)
        return nil
    }

    /// Says that nothing more will be sent, and waits for the client to see it.
    private func leave(_ state: inout State, _ now: UInt64) -> Next? {
        state.channel.finish()
        state.phase = .leaving
        due.store(now + 2_000_000_000, ordering: .relaxed)
        return nil
    }

    private func throwAway(_ state: inout State) -> Next? {
        guard let got = state.channel.skip() else { return .wait(.reading) }
        state.thrown += got
        return got > 0 && state.thrown <= Self.mostThrown ? nil : .closed
    }
}

/// The open connections, by their ids.
final class ConnectionTable: Sendable {
    private struct State {
        var connections: [UInt64: Connection] = [:]
        var lastID: UInt64 = 0
    }

    private let state = Mutex(State())

    var count: Int { state.withLock { $0.connections.count } }
    var all: [Connection] { state.withLock { Array($0.connections.values) } }

    subscript(id: UInt64) -> Connection? { state.withLock { $0.connections[id] } }

    func newID() -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    func add(_ connection: Connection) { state.withLock { $0.connections[connection.id] = connection } }

    func remove(_ connection: Connection) { _ = state.withLock { $0.connections.removeValue(forKey: connection.id) } }
}
