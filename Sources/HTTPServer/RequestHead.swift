/// The request line and the header fields.
struct RequestHead {
    private(set) var request: Request
    private(set) var contentLength = 0
    private(set) var keepsConnection = true
    private(set) var expectsContinue = false

    typealias Refusal = RequestParser.Refusal

    /// `bytes` end with the empty line.
    init(_ bytes: ArraySlice<UInt8>, _ limits: ServerLimits) throws(Refusal) {
        var rest = bytes
        request = try Self.requestLine(try Self.line(&rest), limits)
        while true {
            let line = try Self.line(&rest)
            if line.isEmpty { break }
            guard request.fields.count < limits.fields else { throw Refusal(431, "there are more than \(limits.fields) fields") }
            request.fields.append(try Self.field(line))
        }
        guard rest.isEmpty else { throw Refusal(400, "a line ends without CR and LF") }
        try readMeaning()
    }

    /// Refuses the beginning of a head that cannot become one.
    static func checkBeginning(_ bytes: ArraySlice<UInt8>, _ limits: ServerLimits) throws(Refusal) {
        if let first = bytes.first, !isCapital(first) { throw Refusal(400, "this is not HTTP") }
        if bytes.count > limits.target, !bytes.prefix(limits.target).contains(0x0A) {
            throw Refusal(414, "the request line has more than \(limits.target) bytes")
        }
    }

    /// Takes one line off the beginning, without its CR and LF.
    private static func line(_ rest: inout ArraySlice<UInt8>) throws(Refusal) -> ArraySlice<UInt8> {
        guard let end = rest.firstIndex(of: 0x0A), end > rest.startIndex, rest[end - 1] == 0x0D else {
            throw Refusal(400, "a line ends without CR and LF")
        }
        let line = rest[rest.startIndex..<end - 1]
        guard !line.contains(0x0D) else { throw Refusal(400, "there is a CR within a line") }
        rest = rest[(end + 1)...]
        return line
    }

    private static func requestLine(_ line: ArraySlice<UInt8>, _ limits: ServerLimits) throws(Refusal) -> Request {
        guard line.count <= limits.target else {
            throw Refusal(414, "the request line has more than \(limits.target) bytes")
        }
        let words = line.split(separator: 0x20, maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count == 3, 1...16 ~= words[0].count, words[0].allSatisfy(isCapital) else {
            throw Refusal(400, "the request line is not a method, a target and a version")
        }
        guard words[1].first == UInt8(ascii: "/"), words[1].allSatisfy(isVisible) else {
            throw Refusal(400, "the target is not a path")
        }
        let version = words[2]
        guard version.elementsEqual("HTTP/1.1".utf8) else {
            let isOther = version.count == 8 && version.starts(with: "HTTP/".utf8)
            throw isOther ? Refusal(505, "the version is not HTTP/1.1") : Refusal(400, "the request line has no version")
        }
        let parts = words[1].split(separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        return Request(method: text(words[0]), path: text(parts[0]), query: parts.count > 1 ? text(parts[1]) : "")
    }

    private static func field(_ line: ArraySlice<UInt8>) throws(Refusal) -> Request.Field {
        if line.first == 0x20 || line.first == 0x09 { throw Refusal(400, "a field is folded") }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else {
            throw Refusal(400, "a line is not a field")
        }
        let name = line[line.startIndex..<colon]
        guard name.allSatisfy(isNameCharacter) else { throw Refusal(400, "the name of a field has other characters than it may") }
        var value = line[(colon + 1)...]
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw Refusal(400, "the value of a field has control characters")
        }
        guard let text = String(validating: value, as: UTF8.self) else {
            throw Refusal(400, "the value of a field is not UTF-8")
        }
        return Request.Field(Self.text(name).lowercased(), text)
    }

    // MARK: Fields that the server itself understands

    private mutating func readMeaning() throws(Refusal) {
        var hosts = 0
        var lengths = 0
        for field in request.fields {
            switch field.name {
            case "host": hosts += 1
            case "content-length":
                lengths += 1
                contentLength = try Self.length(field.value)
            case "transfer-encoding": throw Refusal(411, "the length of the body is not in a Content-Length")
            case "connection": if field.value.lowercased().contains("close") { keepsConnection = false }
            case "expect":
                guard field.value.lowercased() == "100-continue" else { throw Refusal(400, "the Expect is not 100-continue") }
                expectsContinue = true
            default: break
            }
        }
        guard hosts == 1 else { throw Refusal(400, "there is not one Host") }
        guard lengths <= 1 else { throw Refusal(400, "there is more than one Content-Length") }
    }

    private static func length(_ text: String) throws(Refusal) -> Int {
        guard 1...18 ~= text.utf8.count, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let length = Int(text)
        else { throw Refusal(400, "the Content-Length is not a number") }
        return length
    }

    // MARK: Characters

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func isCapital(_ byte: UInt8) -> Bool { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte }

    private static func isVisible(_ byte: UInt8) -> Bool { 0x21...0x7E ~= byte }

    /// The characters of a token (RFC 9110, section 5.6.2).
    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"),
            UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "^"),
            UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
