import Crypto
import Hyperscan
import Model
import Platform

/// All detectors behind one set of literals: one pass over the bytes says which detector has to look where. Immutable, for all threads.
final class DetectionEngine: Sendable {
    let detectors: [any Detector]
    let database: LiteralDatabase
    /// For each literal its length, and who wants to know.
    let triggers: [Trigger]

    struct Trigger: Sendable {
        let length: Int
        let detectors: [Int]
    }

    /// - Parameter cache: a folder that only this user writes to, where the compiled literals are kept; nil: they are compiled anew.
    init(_ detectors: [any Detector], cache: String?) throws(Failure) {
        self.detectors = detectors
        var wanted: [Literal: [Int]] = [:]
        var literals: [Literal] = []
        for (index, detector) in detectors.enumerated() {
            for literal in detector.literals {
                if wanted[literal] == nil { literals.append(literal) }
                wanted[literal, default: []].append(index)
            }
        }
        triggers = literals.map { Trigger(length: $0.bytes.count, detectors: wanted[$0] ?? []) }
        do throws(HyperscanError) {
            database = try CompiledLiterals(literals, folder: cache).load()
        } catch { throw ScanEngine.failure(error) }
    }

    /// What one thread needs to search.
    func begin() throws(Failure) -> DetectionRun { try DetectionRun(self) }
}

/// Searches one content after the other, on one thread.
struct DetectionRun {
    private let engine: DetectionEngine
    private let space: ScanSpace
    private var hits: [LiteralHit] = []
    /// How often each detector looked, in this content.
    private var looks: [Int]
    /// Places that may be looked at before `restart` is called.
    private var left = maximumHits
    /// Whether something was not looked at, because it was too much.
    private(set) var isExhausted = false

    /// Places of one file.
    static let maximumHits = 500_000

    init(_ engine: DetectionEngine) throws(Failure) {
        self.engine = engine
        looks = [Int](repeating: 0, count: engine.detectors.count)
        do throws(HyperscanError) { space = try ScanSpace(for: engine.database) } catch { throw ScanEngine.failure(error) }
    }

    /// Before another file.
    mutating func restart() { (left, isExhausted) = (Self.maximumHits, false) }

    /// All that detectors take for a credential; places may overlap.
    mutating func candidates(in content: Content) throws(Failure) -> [Candidate] {
        hits.removeAll(keepingCapacity: true)
        do throws(HyperscanError) { try space.scan(content.bytes, into: &hits) } catch { throw ScanEngine.failure(error) }
        var found: [Candidate] = []
        if hits.isEmpty { return found }
        for index in looks.indices { looks[index] = 0 }
        for hit in hits {
            let trigger = engine.triggers[hit.literal]
            for index in trigger.detectors {
                let detector = engine.detectors[index]
                if detector.readsTextOnly && !content.isText { continue }
                looks[index] += 1
                left -= 1
                guard looks[index] <= detector.maximumHits, left >= 0 else {
                    isExhausted = true
                    continue
                }
                detector.inspect(content, (hit.end - trigger.length)..<hit.end, &found)
            }
        }
        return found
    }
}

/// A compiled set of literals, kept in a folder under the digest of what it was made of.
private struct CompiledLiterals {
    private let literals: [Literal]
    private let path: String?

    init(_ literals: [Literal], folder: String?) {
        self.literals = literals
        guard let folder else {
            path = nil
            return
        }
        var hasher = SHA256()
        hasher.update("ingot literals 1 \(Hyperscan.version)\n")
        for literal in literals {
            hasher.update("\(literal.bytes.count) \(literal.ignoresCase) ")
            hasher.update(literal.bytes)
        }
        path = "\(folder)/literals-\(hasher.finish().hex.prefix(32))"
    }

    func load() throws(HyperscanError) -> LiteralDatabase {
        if let path, let database = Self.read(path) { return database }
        let database = try LiteralDatabase(literals)
        if let path, let bytes = try? database.serialized() {
            // Without it the next scan compiles again, which costs time and nothing else.
            try? Files.makeFolders(Files.parent(of: path), permissions: 0o700)
            try? Files.writeDurably(path, SHA256.digest(of: bytes).bytes + bytes, permissions: 0o600)
        }
        return database
    }

    private static func read(_ path: String) -> LiteralDatabase? {
        guard let bytes = try? Files.read(path), bytes.count > Digest.byteCount,
            case let body = Array(bytes.dropFirst(Digest.byteCount)),
            Digest(bytes: bytes.prefix(Digest.byteCount)) == SHA256.digest(of: body)
        else { return nil }
        return try? LiteralDatabase(serialized: body)
    }
}
