/// What a client may ask of a server. Times are nanoseconds.
package struct ServerLimits: Sendable {
    /// Open connections. When there are more, those that have been idle for longest are closed.
    package var connections = 4096
    /// Bytes of the request line.
    package var target = 16 << 10
    /// Bytes of the request line and all header fields.
    package var head = 64 << 10
    package var fields = 100
    package var body = 4 << 20
    /// Bytes that all connections together hold of requests, and of records and handshakes of TLS, before these are whole and can be checked;
    /// beyond it the answer is 503.
    package var pending = 64 << 20
    /// Of these, what each connection may hold uncounted, so that small requests are answered whatever others send.
    package var uncounted = 16 << 10
    /// From the first byte of a head to its last.
    package var headTime: UInt64 = 10_000_000_000
    /// From the first byte of a request to its last, and as long again for taking the answer.
    package var requestTime: UInt64 = 60_000_000_000
    /// Between two requests of a connection.
    package var idleTime: UInt64 = 75_000_000_000
    /// For finishing what was begun, when the server ends.
    package var drainTime: UInt64 = 5_000_000_000
    /// How often connections whose time is over are looked for.
    package var sweepInterval: UInt64 = 250_000_000
    /// Threads that serve, so that as many requests can be worked on at once.
    package var threads = 16

    package init() {}

    /// As many connections as there are descriptors for, leaving some for files.
    func fitting(descriptors: Int) -> ServerLimits {
        var limits = self
        limits.connections = max(16, min(connections, descriptors - 128))
        return limits
    }
}
