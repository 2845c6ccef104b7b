import Crypto
import ImageStore
import Model
import Platform
import Records
import SQLite
import Synchronization
import Text

/// A region of the simulated plane: a folder with a catalogue and a store.
package final class EmbeddedRegion: Region {
    static let cataloguePath = "catalog.db"
    static let storePath = "\(storesPath)/plain"
    static let storesPath = "store"
    static let keysPath = "keys"
    static let instancesPath = "instances"

    package let name: RegionName
    package let storeFolder: String
    let database: Database
    package let environment: Environment
    private let folder: String
    /// Owns what is made without naming an owner.
    let account: AccountID
    /// The plane's first account.
    private let firstAccount: AccountID
    private let directory: AccountDirectory
    let cache = ImageCache()
    let blockImages = BlockImages()
    private let openStore = Mutex<ObjectStore?>(nil)
    /// The stores of encrypted content, by key.
    let openDomains = Mutex<[KeyID: ObjectStore]>([:])
    /// In whose name pipelines act.
    let actor: Caller

    init(
        _ name: RegionName, folder: String, environment: Environment, mode: Connection.Mode, settings: PlaneSettings
    ) throws(Failure) {
        self.name = name
        account = settings.account
        actor = settings.directory.caller(.account(settings.account))
        directory = settings.directory
        firstAccount = settings.directory.first.id
        self.environment = environment
        self.folder = folder
        storeFolder = "\(folder)/\(Self.storePath)"
        // The catalogue is there before the first pack. Made anew it would name no image, and a collection would take away all packs.
        let hasContent = !Files.names(in: storeFolder + "/packs").isEmpty
        database = try Database(
            path: "\(folder)/\(Self.cataloguePath)", mode: mode, subject: "the catalogue of \(name)",
            migrations: Catalogue.migrations, mustHold: hasContent)
    }

    package var parameters: any ParameterStore { parameters(of: account) }

    package func parameters(of account: AccountID) -> any ParameterStore {
        EmbeddedParameters(
            region: name, owner: account, ownerKey: parameterKey(of: account), database: database, key: keyFile(.parameters),
            keys: ParameterKeys(region: self, caller: directory.caller(.account(account))), environment: environment)
    }

    /// What the catalogue's tables of parameters have in the place of an account.
    func parameterKey(of account: AccountID) -> String { account == firstAccount ? "" : account.description }

    var instancesFolder: String { "\(folder)/\(Self.instancesPath)" }

    var keysFolder: String { "\(folder)/\(Self.keysPath)" }

    var storesFolder: String { "\(folder)/\(Self.storesPath)" }

    func keyFile(_ purpose: KeyFile.Purpose) -> KeyFile {
        KeyFile(purpose, folder: keysFolder, region: name, environment: environment)
    }

    /// The packs of unencrypted images, opened when they are first asked for.
    package var store: ObjectStore {
        get throws(Failure) {
            try openStore.withLock { (open) throws(Failure) in
                if let open { return open }
                let store = try ObjectStore(storeFolder, environment: environment)
                open = store
                return store
            }
        }
    }

    /// Where snapshots are written by blocks, and read as disks.
    var blockFolder: String { "\(folder)/blocks" }

    /// Where volumes are that are devices of running instances.
    var volumeFolder: String { "\(folder)/volumes" }

    func blockFile(of snapshot: SnapshotID) -> String { "\(blockFolder)/\(snapshot)" }

    /// Sixteen hexadecimal digits, for names that must not meet.
    func token() throws(Failure) -> String {
        do throws(SystemError) { return try environment.token() } catch {
            throw Failure(.io, "the system gives no randomness", cause: error)
        }
    }

    func newID<Kind: ResourceKind>() throws(Failure) -> ResourceID<Kind> {
        ResourceID(random: try random(ResourceID<Kind>.randomByteCount))
    }

    /// Random bytes in the form of a UUID.
    func newUUID() throws(Failure) -> String { UUIDText.text(try random(UUIDText.byteCount)) }

    func random(_ count: Int) throws(Failure) -> [UInt8] {
        do throws(SystemError) { return try environment.random(count) } catch {
            throw Failure(.io, "the system gives no randomness", cause: error)
        }
    }
}

// Reading.
extension EmbeddedRegion {
    /// How many statements were run on the catalogue, for telling what a request costs.
    package func statements() throws(Failure) -> Int { try database.read("count the statements of \(name)") { $0.statements } }

    /// What was made without `ingot.yaml` is its only account's. A document that leaves that account out would shut everybody out of it.
    func checkUndeclared(_ account: AccountID) throws(Failure) {
        let tables = [
            ("images", "images WHERE owner = ? AND state <> 'deregistered'"), ("snapshots", "snapshots WHERE owner = ?"),
            ("volumes", "ebs_volumes WHERE owner = ?"), ("keys", "kms_keys WHERE owner = ?"),
        ]
        let held = try database.read("look for what the account \(account) has in \(name)") { session in
            try tables.filter { try session.first("SELECT 1 AS one FROM \($0.1) LIMIT 1", account) { _ in true } ?? false }
        }
        guard !held.isEmpty else { return }
        throw Failure(
            .conflict,
            "\(name) has \(held.map(\.0).joined(separator: ", ")) of the account \(account), which the plane's document does not name",
            hint: "write it there as the first of the accounts: {id: \"\(account)\", name: ingot}")
    }

    package func verifyCatalogue() throws(Failure) { try database.verify() }

    package func images(_ filter: ImageFilter) throws(Failure) -> [ImageRecord] {
        try database.read("list the images of \(name)") { try $0.images(filter, in: name) }
    }

    package func image(_ id: ImageID) throws(Failure) -> ImageRecord {
        try database.read("look up the image \(id)") { try $0.image(id, in: name) }
    }

    package func image(named imageName: AMIName) throws(Failure) -> ImageRecord? {
        try database.read("look up the image \(imageName)") { session in
            try session.image(named: imageName, preferring: account).map { try session.image($0, in: name) }
        }
    }

    package func latest(of recipe: ResourceName, _ versions: VersionSelector) throws(Failure) -> ImageRecord? {
        try database.read("look up the latest image of \(recipe)") { session in
            let available = try session.versions(of: recipe, where: "state = 'available'")
            guard let highest = versions.resolve(among: available.map(\.version)) else { return nil }
            return try available.first { $0.version == highest }.map { try session.image($0.id, in: name) }
        }
    }

    package func versions(of recipe: ResourceName) throws(Failure) -> [ImageVersion] {
        let all = try database.read("list the versions of \(recipe)") { try $0.versions(of: recipe, where: "true") }
        return Set(all.map(\.version)).sorted()
    }

    package func snapshots(_ ids: [SnapshotID]?) throws(Failure) -> [SnapshotRecord] {
        try database.read("list the snapshots of \(name)") { session in
            guard let ids else { return try session.snapshots("true", []) }
            return try ids.flatMap { try session.snapshots("id = ?", [$0]) }
        }
    }

    package func roots() throws(Failure) -> Set<Digest> { Set(try keyedRoots().map(\.root)) }

    package func roots(under key: KeyID?) throws(Failure) -> Set<Digest> {
        Set(try keyedRoots().filter { $0.key?.id == key }.map(\.root))
    }

    /// Everything that is needed, with the key that it is under. Documents are under none.
    private func keyedRoots() throws(Failure) -> [(root: Digest, key: KeyARN?)] {
        try database.read("list the contents of \(name)") { session in
            try session.rows(
                """
                SELECT root, (SELECT key FROM volumes WHERE image = images.id AND device = root_device) AS key FROM images
                    WHERE root IS NOT NULL AND (state <> 'deregistered' OR recycled_until IS NOT NULL)
                UNION SELECT root, key FROM snapshots WHERE root IS NOT NULL
                UNION SELECT root, NULL FROM evidence
                    WHERE image IN (SELECT id FROM images WHERE state <> 'deregistered' OR recycled_until IS NOT NULL)
                UNION SELECT root, key FROM ebs_volumes WHERE root IS NOT NULL
                UNION SELECT root, NULL FROM instance_stores
                UNION SELECT snapshot_disks.root, key FROM snapshot_disks JOIN snapshots ON snapshots.id = snapshot_disks.snapshot
                UNION SELECT volume_disks.root, key FROM volume_disks JOIN ebs_volumes ON ebs_volumes.id = volume_disks.volume
                UNION SELECT live_trees.root, key FROM live_trees JOIN instances ON instances.id = live_trees.instance
                    LEFT JOIN ebs_volumes ON ebs_volumes.instance = live_trees.instance AND device = root_device
                    WHERE live_trees.root IS NOT NULL
                """
            ) { row in (try row.digest("root"), try row.parsedIfPresent("key")) }
        }
    }
}
