import Crypto
import ImageStore
import Model
import Records
import SQLite

/// Where the volumes of a launch lie: under which keys, with their content durable there before the catalogue names them.
final class LaunchContents {
    /// By device.
    fileprivate(set) var places: [String: EncryptionPlace] = [:]
    private var roots: [String: Digest?] = [:]
    /// The leases on what was moved.
    private var moves: ContentMoves?

    /// Why no instance of the launch comes up.
    var failure: StateReason? {
        guard let reason = places.values.compactMap(\.failure).first else { return nil }
        // EC2 tells that a key is in the wrong state, and nothing else of keys.
        return reason == .unusableKey ? reason : .launchError
    }

    fileprivate func take(_ device: String, _ place: EncryptionPlace, _ content: SnapshotRecord?) {
        places[device] = place
        roots[device] = content?.root
    }

    fileprivate func keep(_ moves: ContentMoves) { self.moves = moves }

    /// What is launched is what was prepared.
    func check(_ devices: [(mapping: VolumeMapping, content: SnapshotRecord?)]) throws(Failure) {
        for (mapping, content) in devices {
            guard let root = roots[mapping.deviceName], root == content?.root else {
                throw Failure(.conflict, "what the device \(mapping.deviceName) holds changed meanwhile", hint: "try again")
            }
        }
    }
}

extension EmbeddedActions {
    /// Chooses the keys of the volumes, and moves content to the stores of those that the image is not under: that of a shared image, and
    /// that of an open one which is to be encrypted.
    func contents(of launch: InstanceLaunch, _ id: ImageID) throws(Failure) -> LaunchContents {
        let contents = LaunchContents()
        let setting = try allowedImages()
        let (found, disks) = try region.database.read("look up the image \(id)") { session in
            let image = try existing(id, session)
            var access = access(to: image, setting)
            access.snapshots = try session.snapshots(of: image).map { try self.access(to: $0, session) }
            let decision = access.launch(by: caller)
            if let refusal = decision.refusal { throw Failure(refusal) }
            let devices = try devices(of: launch, image, session)
            let disks = try devices.map { try $0.content.flatMap { try session.disk(of: $0.id) } }
            return ((devices: devices, isAllowed: decision == .allowed), disks)
        }
        if !found.isAllowed { return contents }
        let moves = ContentMoves(plane, to: region)
        for ((mapping, content), disk) in zip(found.devices, disks) {
            let request = launch.volumes.first { $0.device == mapping.deviceName }
            let isBlank = content == nil && mapping.volume.isEncrypted
            let wish = EncryptionWish(isEncrypted: request?.isEncrypted ?? isBlank, key: request?.key)
            let place = try place(wish, of: content)
            contents.take(mapping.deviceName, place, content)
            let contentKey = content?.key
            guard place.failure == nil, !isDryRun, let root = content?.root, contentKey != place.key else { continue }
            try moves.move(root, with: disk, from: region.name, under: contentKey, to: place.key)
        }
        try moves.publish()
        contents.keep(moves)
        return contents
    }
}
