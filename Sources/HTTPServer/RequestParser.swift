/// Reads requests from bytes that come piece by piece.
///
/// Stricter than RFC 9112 asks of a server: lines end with CR and LF, fields are not folded, no blank stands before a colon, there is one
/// Host, at most one Content-Length of digits alone, and no Transfer-Encoding. What a proxy in front could read otherwise is not read.
struct RequestParser {
    enum Step {
        /// More bytes are needed. `asksToContinue`: the client waits for a word before it sends the body.
        case incomplete(asksToContinue: Bool)
        case request(Request, keepsConnection: Bool)
        case refused(Refusal)
    }

    /// Why a request is not read, and the status that says so.
    struct Refusal: Error, Equatable {
        let status: Int
        let reason: String

        init(_ status: Int, _ reason: String) {
            self.status = status
            self.reason = reason
        }
    }

    private let limits: ServerLimits
    private var buffer: [UInt8] = []
    /// Where the next request begins in the buffer.
    private var start = 0
    /// Up to where the end of the head was looked for.
    private var searched = 0
    /// The head, once it is whole, and where the body begins.
    private var head: (head: RequestHead, end: Int)?
    private var wasAskedToContinue = false

    init(limits: ServerLimits) { self.limits = limits }

    /// Whether a part of a request has come.
    var isInRequest: Bool { start < buffer.count }
    /// Bytes that have come and belong to no whole request yet.
    var pending: Int { buffer.count - start }
    var isInBody: Bool { head != nil }

    mutating func append(_ bytes: ArraySlice<UInt8>) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 64 << 10)
            start = 0
            searched = 0
        } else if start > 64 << 10 {
            buffer.removeFirst(start)
            searched -= start
            if let whole = head { head = (whole.head, whole.end - start) }
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    mutating func next() -> Step {
        do throws(Refusal) {
            guard let (head, end) = try wholeHead() else { return .incomplete(asksToContinue: false) }
            let bodyEnd = end + head.contentLength
            guard buffer.count >= bodyEnd else {
                let asks = head.expectsContinue && !wasAskedToContinue
                wasAskedToContinue = true
                return .incomplete(asksToContinue: asks)
            }
            var request = head.request
            if head.contentLength > 0 { request.body = Array(buffer[end..<bodyEnd]) }
            start = bodyEnd
            searched = bodyEnd
            self.head = nil
            wasAskedToContinue = false
            // A connection that waits for its next request keeps no large buffer.
            if start == buffer.count, buffer.capacity > 64 << 10 { (buffer, start, searched) = ([], 0, 0) }
            return .request(request, keepsConnection: head.keepsConnection)
        } catch { return .refused(error) }
    }

    private mutating func wholeHead() throws(Refusal) -> (head: RequestHead, end: Int)? {
        if let head { return head }
        guard let end = endOfHead() else {
            let size = buffer.count - start
            if size > limits.head { throw Refusal(431, "the head has more than \(limits.head) bytes") }
            // Nonsense is refused before it has filled the limit.
            try RequestHead.checkBeginning(buffer[start...], limits)
            return nil
        }
        guard end - start <= limits.head else { throw Refusal(431, "the head has more than \(limits.head) bytes") }
        let parsed = try RequestHead(buffer[start..<end], limits)
        guard parsed.contentLength <= limits.body else { throw Refusal(413, "the body has more than \(limits.body) bytes") }
        head = (parsed, end)
        return head
    }

    /// The index behind the empty line. Lines that end with a bare LF end the head too, and are refused when it is read.
    private mutating func endOfHead() -> Int? {
        var index = max(searched - 2, start)
        while let feed = buffer[index...].firstIndex(of: 0x0A) {
            if feed + 1 < buffer.count, buffer[feed + 1] == 0x0A { return feed + 2 }
            if feed + 2 < buffer.count, buffer[feed + 1] == 0x0D, buffer[feed + 2] == 0x0A { return feed + 3 }
            index = feed + 1
        }
        searched = buffer.count
        return nil
    }
}
