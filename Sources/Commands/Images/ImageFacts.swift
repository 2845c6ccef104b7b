import Cloud
import Crypto
import Model
import Text

/// What an image is, for people.
enum ImageFacts {
    static func identity(_ image: ImageRecord) -> [FactList.Fact] {
        var facts: [FactList.Fact] = [
            .init("id", image.id.description), .init("name", image.name.description), .init("region", image.region.description),
        ]
        if let release = image.release {
            facts += [.init("recipe", release.recipe.description), .init("version", release.version.description)]
        }
        facts += [
            .init("size", "\(Amount.bytes(image.logicalSize)) of files"),
            .init(
                "volumes",
                image.volumes.map {
                    "\($0.deviceName): \($0.volume.size) GiB \($0.volume.type.rawValue)"
                        + ($0.volume.isEncrypted ? ", encrypted" : "")
                }),
            .init("created", image.created.description),
        ]
        if let key = image.key { facts.append(.init("key", key.description)) }
        if let root = image.root { facts.append(.init("digest", "sha256:\(root.hex)")) }
        facts.append(.init("tags", image.tags.map { "\($0.key)=\($0.value)" }))
        return facts
    }
}
