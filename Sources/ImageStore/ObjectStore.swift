import Crypto
import Model
import Platform
import Synchronization

/// A folder of packs: the objects of one encryption domain of one region. In an encrypted one packs and marks call objects by other
/// names than their digests: see `ObjectSeal`.
///
///     packs/    immutable packs
///     leases/   one locked file a running writer
///     marks/    objects that must be written anew, not reused: condemned by a collection, or found damaged
///     tmp/      packs that are being written
package final class ObjectStore: ObjectReader {
    package let folder: String
    let environment: Environment
    let codecs: CodecPool
    /// Of an encrypted domain.
    private let seal: ObjectSeal?
    /// Newest first: what was written last is read first, and heals what is damaged in older packs.
    private let packs: Mutex<[Pack]>

    /// libzstd's level. On a server tree 2 stores 2.5 % less than 1 and takes an eighth longer; 3 stores 5 % less and takes half as long again.
    private static let compressionLevel: Int32 = 2

    /// A pack that has grown beyond this many bytes is closed and the next one begun.
    let packSize: Int

    package init(
        _ folder: String, environment: Environment, seal: ObjectSeal? = nil, packSize: Int = PackFormat.targetSize
    ) throws(Failure) {
        self.folder = folder
        self.packSize = packSize
        self.environment = environment
        self.seal = seal
        codecs = CodecPool(level: Self.compressionLevel, seal: seal)
        packs = Mutex([])
        for part in ["packs", "leases", "marks", "tmp"] where !Files.exists("\(folder)/\(part)") {
            do throws(SystemError) { try Files.makeFolders("\(folder)/\(part)", permissions: 0o700) } catch {
                throw Failure(.io, "the store \(folder) cannot be made", cause: error)
            }
        }
        try reload()
    }

    package var isEncrypted: Bool { seal != nil }

    /// What packs and marks call an object.
    func name(of digest: Digest) -> Digest { seal?.name(of: digest) ?? digest }

    // MARK: Reading

    package func object(_ digest: Digest) throws(Failure) -> [UInt8] {
        let name = name(of: digest)
        if let bytes = find(name) { return bytes }
        // A collection may have replaced the packs since they were listed.
        try reload()
        if let bytes = find(name) { return bytes }
        let known = openPacks.contains { $0.find(name) != nil }
        throw Failure(
            .corrupt, "the object \(digest.hex) in the store \(folder) is \(known ? "damaged" : "missing")",
            hint: "`ingot check` names all that is damaged; importing or copying the same content again restores it")
    }

    private func find(_ name: Digest) -> [UInt8]? {
        for pack in openPacks {
            // What cannot be read may be sound in an older pack.
            guard let entry = pack.find(name) else { continue }
            if let bytes = codecs.with({ $0.object(name, at: entry, in: pack) }) { return bytes }
        }
        return nil
    }

    package func forOneThread() -> any ObjectReader { StoreReader(self) }

    package func contains(_ digest: Digest) -> Bool { contains(name: name(of: digest)) }

    func contains(name: Digest) -> Bool { openPacks.contains { $0.find(name) != nil } }

    // MARK: Packs

    var openPacks: [Pack] { packs.withLock { $0 } }

    /// The size of all packs in bytes.
    package var storedSize: Int { openPacks.reduce(0) { $0 + $1.size } }

    package var objectCount: Int { openPacks.reduce(0) { $0 + $1.count } }

    var packsFolder: String { folder + "/packs" }

    /// The files in the packs folder.
    func packNames() throws(Failure) -> [String] {
        do throws(SystemError) {
            let names = try Files.names(inFolder: Array(packsFolder.utf8)).map { String(decoding: $0, as: UTF8.self) }
            return names.filter { $0.hasSuffix(".pack") }.sorted()
        } catch { throw Failure(.io, "the packs of the store \(folder) cannot be listed", cause: error) }
    }

    /// Lists the packs anew; those that are open stay open.
    func reload() throws(Failure) {
        let known = Dictionary(openPacks.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        var found: [(time: Int64, pack: Pack)] = []
        for name in try packNames() {
            let path = "\(packsFolder)/\(name)"
            let time = (try? Files.status(path).modified) ?? 0
            if let pack = known[path] {
                found.append((time, pack))
                continue
            }
            do throws(Failure) { found.append((time, try Pack(path))) } catch {
                // A damaged pack must not hide the sound ones: what it held is reported as missing, and `check` names it. One
                // that is gone again was removed by a collection.
                if error.code != .corrupt && Files.exists(path) { throw error }
            }
        }
        let sorted = found.sorted { ($0.time, $0.pack.path) > ($1.time, $1.pack.path) }.map(\.pack)
        packs.withLock { $0 = sorted }
    }
}
