import Crypto
import Guest
import Model
import Pipeline
import Platform

/// A hardening profile of a folder, with the profiles that it extends: `NAME.yaml` and what stands beside it.
package struct HardeningProfileFile {
    /// All rules, those of the extended profile first.
    package let profile: HardeningProfile
    /// The bytes of each file that was read, by the profile's name; the asked one first.
    package let digests: [(name: String, digest: Digest)]

    private static let maximumDepth = 8

    /// `Failure(.invalid)` with all that is wrong in a document; `.notFound` where one does not exist.
    package init(_ name: String, folder: String) throws(Failure) {
        try self.init(name, file: "\(folder)/\(name).yaml", folder: folder)
    }

    /// The profile of a file.
    package init(file: String) throws(Failure) { try self.init(nil, file: file, folder: Files.parent(of: file)) }

    private init(_ name: String?, file: String, folder: String) throws(Failure) {
        var (file, asked) = (file, name)
        var documents: [HardeningDocument] = []
        var digests: [(name: String, digest: Digest)] = []
        while true {
            let bytes = try ExternalFile.read(
                file, what: "the hardening profile", limit: 4 << 20, missing: ExternalFile.profileHint)
            let document = try HardeningDocument(bytes, file: file)
            documents.append(document)
            digests.append((asked ?? document.name, SHA256.digest(of: bytes)))
            guard let next = document.extends else { break }
            (file, asked) = ("\(folder)/\(next).yaml", next)
            guard documents.count < Self.maximumDepth, !documents.contains(where: { $0.name == next }) else {
                throw Failure(.invalid, "the profile '\(document.name)' extends '\(next)', which extends it or is one too many")
            }
        }
        self.digests = digests
        profile = try Self.joined(documents)
    }

    private static func joined(_ documents: [HardeningDocument]) throws(Failure) -> HardeningProfile {
        let rules = documents.reversed().flatMap(\.rules)
        var known: Set<String> = []
        if let twice = rules.first(where: { !known.insert($0.id).inserted }) {
            let names = documents.filter { $0.rules.contains { $0.id == twice.id } }.map { "'\($0.name)'" }
            throw Failure(
                .invalid, "the profiles \(names.joined(separator: " and ")) both have a rule '\(twice.id)'",
                hint: "give one of them another id")
        }
        return HardeningProfile(name: documents[0].name, title: documents[0].title, rules: rules)
    }

    /// As inputs of a stage.
    var inputs: [StageInput] { digests.map { StageInput("profile \($0.name)", $0.digest.hex) } }
}
