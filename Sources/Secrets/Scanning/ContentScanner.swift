import Archive
import Crypto
import Guest
import ImageStore
import Model

/// Searches files on one thread: their bytes, and what their bytes hold in other forms.
final class ContentScanner {
    private var run: DetectionRun
    private let key: [UInt8]
    let limits: ScanLimits

    /// Of the file at hand.
    private var result = FileResult()
    private var unpacked = 0
    private var known: Set<String> = []

    init(_ engine: DetectionEngine, key: [UInt8], limits: ScanLimits) throws(Failure) {
        run = try engine.begin()
        self.key = key
        self.limits = limits
    }

    /// Searches a file; what cannot be read of it is among the result's skips.
    func scan(_ stream: ByteStream, _ name: FileName) throws(Failure) -> FileResult {
        (result, unpacked, known) = (FileResult(), 0, [])
        run.restart()
        do throws(ScanStop) { try search(stream, name, Place(member: [], depth: 0)) } catch {
            switch error {
            case .unreadable(let reason): result.skip([], reason)
            case .failed(let failure): throw failure
            }
        }
        if run.isExhausted {
            result.skip([], "it has more places to look at than \(DetectionRun.maximumHits), or than one detector takes")
        }
        return result
    }

    /// Where a content is in its file.
    struct Place {
        var member: [String]
        var depth: Int
        /// The line of the content that holds this one, where it stands there in another encoding.
        var outerLine: Int?

        func inner(_ name: String) -> Place { Place(member: member + [name], depth: depth + 1, outerLine: nil) }
    }

    /// Why a content is not searched any further.
    enum ScanStop: Error {
        /// This content: the ones around it go on.
        case unreadable(String)
        /// The scan itself.
        case failed(Failure)
    }

    // MARK: Contents

    func search(_ stream: ByteStream, _ name: FileName, _ place: Place) throws(ScanStop) {
        let first = try read { () throws(ArchiveError) in try stream.take(self.limits.window) }
        let isWhole = try read { () throws(ArchiveError) in try stream.peek(1) }.isEmpty
        let container = Container(first)
        if isWhole {
            let start = result.findings.count
            let content = Content(DigestDatabase.recognizes(first) ? DigestDatabase.blanked(first) : first, name: name)
            try detect(content, place, parsers: FileParsers.reading(name, first.prefix(Container.probe)))
            try searchPieces(of: content, place)
            if let container {
                let outer = start..<result.findings.count
                defer { forgetRepeated(outer) }
                try unpack(container, ByteStream(first), name, place)
            }
        } else if let container {
            // What is inside is searched, not its compressed or framed form.
            try unpack(container, ByteStream(first, then: stream), name, place)
        } else {
            try searchWindows(first, stream, name, place)
        }
    }

    /// Of what an archive shows as it stands, what its members show too is told of them alone. The rest stays: it is between the members.
    private func forgetRepeated(_ outer: Range<Int>) {
        if outer.isEmpty { return }
        let inner = Set(result.findings[outer.upperBound...].map(\.keyedDigest))
        let kept = result.findings[outer].filter { !inner.contains($0.keyedDigest) }
        result.findings.replaceSubrange(outer, with: kept)
    }

    private func searchWindows(_ first: [UInt8], _ stream: ByteStream, _ name: FileName, _ place: Place) throws(ScanStop) {
        let isDigests = DigestDatabase.recognizes(first)
        var window = first
        var offset = 0
        var line = 0
        while true {
            let content = Content(isDigests ? DigestDatabase.blanked(window) : window, name: name)
            try detect(content, place, parsers: [], offset: offset, line: line)
            try searchPieces(of: content, place)
            let step = max(1, window.count - limits.overlap)
            line += window[..<step].count { $0 == 0x0A }
            let next = try read { () throws(ArchiveError) in try stream.take(self.limits.window - self.limits.overlap) }
            if next.isEmpty { return }
            offset += step
            window = Array(window[step...]) + next
        }
    }

    private func detect(
        _ content: Content, _ place: Place, parsers: [any FileParser], offset: Int = 0, line: Int = 0
    ) throws(ScanStop) {
        var candidates: [Candidate]
        do throws(Failure) { candidates = try run.candidates(in: content) } catch { throw .failed(error) }
        for parser in parsers {
            if let reason = parser.search(content, &candidates) { result.skip(place.member, reason) }
        }
        // Ascending, so that lines are counted once.
        var counted = 0
        var lines = line + 1
        for candidate in Candidate.strongest(candidates) {
            let start = min(candidate.range.lowerBound, content.bytes.count)
            if start > counted {
                lines += content.bytes[counted..<start].count { $0 == 0x0A }
                counted = start
            }
            let value = candidate.value ?? Array(content.bytes[candidate.range])
            let digest = HMACSHA256.digest(of: value, key: key).hex
            // What was found as it stands is not told again for its encodings, nor for the overlap of windows.
            if place.outerLine != nil && known.contains(digest) { continue }
            let shownLine = place.outerLine ?? (content.isText ? lines : nil)
            let finding = FileResult.Finding(
                member: place.member, line: shownLine, offset: offset + candidate.range.lowerBound, rule: candidate.rule.id,
                severity: candidate.rule.severity, keyedDigest: digest, detail: candidate.detail)
            if offset > 0 && result.findings.suffix(100).contains(finding) { continue }
            known.insert(digest)
            guard result.findings.count < FileResult.maximumFindings else {
                return result.skip(place.member, "it has more than \(FileResult.maximumFindings) findings")
            }
            result.findings.append(finding)
        }
    }

    private func searchPieces(of content: Content, _ place: Place) throws(ScanStop) {
        guard place.depth < limits.depth else { return }
        var counted = 0
        var lines = 1
        for piece in TextPieces.all(in: content) {
            if piece.offset > counted {
                lines += content.bytes[counted..<piece.offset].count { $0 == 0x0A }
                counted = piece.offset
            }
            try count(piece.bytes.count)
            result.depth = max(result.depth, place.depth + 1)
            var inner = place.inner(piece.encoding)
            inner.outerLine = place.outerLine ?? (content.isText ? lines : 0)
            let bytes = piece.bytes
            if Container(bytes) != nil {
                try guarded(inner) { () throws(ScanStop) in try self.search(ByteStream(bytes), FileName(""), inner) }
            } else {
                let decoded = Content(bytes, name: FileName(""))
                try detect(decoded, inner, parsers: [])
                try searchPieces(of: decoded, inner)
            }
        }
    }

    // MARK: Containers

    private func unpack(_ container: Container, _ stream: ByteStream, _ name: FileName, _ place: Place) throws(ScanStop) {
        guard place.depth < limits.depth else {
            return result.skip(place.member, "it lies deeper than \(limits.depth) contents in one another")
        }
        result.depth = max(result.depth, place.depth + 1)
        switch container {
        case .compressed:
            let reader = try read { () throws(ArchiveError) in
                try StreamReader { () throws(ArchiveError) in try stream.next() ?? [] }
            }
            let inner = name.withoutCompression
            try member(
                ByteStream { () throws(ArchiveError) in try reader.read() }, FileName(inner),
                place.inner(inner.isEmpty ? "data" : FileName(inner).last))
        case .archive:
            let reader = try read { () throws(ArchiveError) in
                try MemberReader { () throws(ArchiveError) in try stream.next() ?? [] }
            }
            while let name = try read({ () throws(ArchiveError) in try reader.next() }) {
                try member(
                    ByteStream { () throws(ArchiveError) in try reader.read() }, FileName(bytes: name),
                    place.inner(Self.shown(name)))
            }
        case .cpio: try unpackRamdisk(stream, name, place)
        }
    }

    /// Archives in a row, and what comes behind them: mostly a compressed one.
    private func unpackRamdisk(_ stream: ByteStream, _ name: FileName, _ place: Place) throws(ScanStop) {
        let walk = CpioWalk(stream)
        while let (memberName, size) = try read({ () throws(ArchiveError) in try walk.next() }) {
            var left = size
            let content = ByteStream { () throws(ArchiveError) in
                let bytes = left > 0 ? try stream.take(min(left, 1 << 20)) : []
                left -= bytes.count
                return bytes.isEmpty ? nil : bytes
            }
            try member(content, FileName(bytes: memberName), place.inner(Self.shown(memberName)))
            let rest = left
            let isThere = try read { () throws(ArchiveError) in
                guard try stream.skip(rest) else { return false }
                try walk.endMember(size)
                return true
            }
            if !isThere { throw .unreadable("it ends within the member \(Self.shown(memberName))") }
        }
        if try !read({ () throws(ArchiveError) in try stream.peek(1) }).isEmpty {
            try member(stream, FileName(""), place.inner("rest"))
        }
    }

    /// One member: what is wrong in it does not keep the others from being searched.
    private func member(_ stream: ByteStream, _ name: FileName, _ place: Place) throws(ScanStop) {
        result.members += 1
        guard result.members <= limits.members else {
            throw .unreadable("it has more than \(limits.members) members, and the others were not looked into")
        }
        let counted = ByteStream { () throws(ArchiveError) in
            guard let bytes = try stream.next() else { return nil }
            self.result.memberBytes += UInt64(bytes.count)
            self.unpacked += bytes.count
            guard self.unpacked <= self.limits.unpacked else { throw self.overflow }
            return bytes
        }
        try guarded(place) { () throws(ScanStop) in try self.search(counted, name, place) }
        if unpacked > limits.unpacked { throw .unreadable(overflow.reason) }
    }

    private func guarded(_ place: Place, _ body: () throws(ScanStop) -> Void) throws(ScanStop) {
        do throws(ScanStop) { try body() } catch {
            guard case .unreadable(let reason) = error else { throw error }
            result.skip(place.member, reason)
        }
    }

    private func count(_ bytes: Int) throws(ScanStop) {
        unpacked += bytes
        if unpacked > limits.unpacked { throw .unreadable(overflow.reason) }
    }

    private var overflow: ArchiveError {
        ArchiveError(.limit, operation: "unpack", reason: "more than \(limits.unpacked) bytes come out of the file")
    }

    private func read<Result>(_ body: () throws(ArchiveError) -> Result) throws(ScanStop) -> Result {
        do throws(ArchiveError) { return try body() } catch { throw .unreadable("it cannot be read on: \(error.reason)") }
    }

    /// A member's name for people: what is no text or no path stands escaped.
    private static func shown(_ name: [UInt8]) -> String {
        if let path = try? TreePath(parsing: name) { return String(path.escaped.dropFirst()) }
        return String(decoding: name.prefix(200).filter { (0x20..<0x7F).contains($0) }, as: UTF8.self)
    }
}
