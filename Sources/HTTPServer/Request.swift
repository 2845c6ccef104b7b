/// A request as it came: nothing is decoded, so that a signature can be checked against the very bytes.
package struct Request: Sendable {
    /// Capital letters.
    package var method: String
    /// The target up to the question mark: begins with a slash, still percent-encoded.
    package var path: String
    /// The target behind the question mark, still percent-encoded; empty where there is none.
    package var query: String
    /// In the order they came, names in lower case, values without blanks at their ends.
    package var fields: [Field]
    package var body: [UInt8]

    package struct Field: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(method: String, path: String, query: String = "", fields: [Field] = [], body: [UInt8] = []) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
    }

    /// The value of the first field of that name, which is in lower case.
    package subscript(field name: String) -> String? { fields.first { $0.name == name }?.value }
}

/// An answer. The server adds the length of pieces and body, and says whether the connection stays.
package struct Response: Sendable {
    package var status: Int
    package var contentType: String
    package var fields: [Request.Field]
    /// What comes before the body, where the answer is long.
    package var pieces: [Piece] = []
    package var body: [UInt8]

    /// A part of a body that need not be in memory before it is its turn to be sent.
    package struct Piece: Sendable {
        package let count: Int
        package let bytes: @Sendable () -> [UInt8]?

        /// `bytes` gives as many as `count` says; anything else ends the connection, since the length of the whole has been promised.
        package init(count: Int, bytes: @escaping @Sendable () -> [UInt8]?) {
            self.count = count
            self.bytes = bytes
        }
    }

    package init(_ status: Int, contentType: String = "text/plain", fields: [Request.Field] = [], body: [UInt8] = []) {
        self.status = status
        self.contentType = contentType
        self.fields = fields
        self.body = body
    }

    /// The bytes of the status line and the header fields.
    func head(keepsConnection: Bool) -> [UInt8] {
        var head: [UInt8] = []
        head.reserveCapacity(256)
        func add(_ text: String) { head.append(contentsOf: text.utf8) }
        add("HTTP/1.1 ")
        add(String(status))
        add(" ")
        add(Self.reason(status))
        add("\r\nContent-Type: ")
        add(contentType)
        add("\r\nContent-Length: ")
        add(String(pieces.reduce(body.count) { $0 + $1.count }))
        for field in fields {
            add("\r\n")
            add(field.name)
            add(": ")
            add(field.value)
        }
        add(keepsConnection ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n")
        return head
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 202: "Accepted"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 411: "Length Required"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 431: "Request Header Fields Too Large"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: status < 500 ? "Refused" : "Failed"
        }
    }
}
