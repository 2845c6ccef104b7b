import Glibc
import Platform

/// HTTP/1.1 to a server on this machine: a connection for each request, and answers as they come.
enum LoopbackHTTP {
    struct Answer {
        let status: Int
        let body: [UInt8]
    }

    /// Bytes of an answer that are read at most.
    private static let most = 256 << 20
    /// Seconds without a byte.
    private static let patience = 60

    /// Sends the request as it is and reads the answer to its end.
    static func exchange(_ request: [UInt8], port: UInt16) throws(SystemError) -> Answer {
        let socket = try connect(port)
        try send(request, socket)
        return try answer(try receive(socket), socket)
    }

    private static func connect(_ port: UInt16) throws(SystemError) -> FileDescriptor {
        let path = "127.0.0.1:\(port)"
        let raw = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard raw >= 0 else { throw SystemError("socket", path) }
        let socket = FileDescriptor(owning: raw, path: path)
        var wait = timeval(tv_sec: patience, tv_usec: 0)
        _ = unsafe setsockopt(raw, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw SystemError("connect", path) }
        return socket
    }

    private static func send(_ bytes: [UInt8], _ socket: borrowing FileDescriptor) throws(SystemError) {
        var done = 0
        while done < bytes.count {
            let count = unsafe bytes[done...].withUnsafeBytes {
                unsafe Glibc.send(socket.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw SystemError("send", socket.path) }
            done += count
        }
    }

    private static func receive(_ socket: borrowing FileDescriptor) throws(SystemError) -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while all.count < most {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(socket.raw, $0.baseAddress, $0.count, 0) }
            guard count >= 0 else { throw SystemError("recv", socket.path) }
            if count == 0 { return all }
            all += buffer[..<count]
        }
        throw SystemError("recv", socket.path, errno: EMSGSIZE)
    }

    /// An answer that is cut short is none.
    private static func answer(_ bytes: [UInt8], _ socket: borrowing FileDescriptor) throws(SystemError) -> Answer {
        let cut = SystemError("recv", socket.path, errno: EPROTO)
        guard let end = bytes.indices.dropLast(3).first(where: { bytes[$0..<$0 + 4].elementsEqual("\r\n\r\n".utf8) }) else {
            throw cut
        }
        let head = String(decoding: bytes[..<end], as: UTF8.self)
        let lines = head.split(whereSeparator: { $0 == "\r\n" || $0 == "\n" })
        let body = Array(bytes[(end + 4)...])
        let words = lines.first?.split(separator: " ") ?? []
        let lengths = lines.filter { $0.lowercased().hasPrefix("content-length:") }
        guard words.count > 1, let status = Int(words[1]), let length = lengths.first?.split(separator: " ").last,
            Int(length) == body.count
        else { throw cut }
        return Answer(status: status, body: body)
    }
}
