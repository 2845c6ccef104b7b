import Crypto
import Model
import Platform

/// Objects that a writer must store anew although they are there: those that a collection has condemned, and those that a check
/// found damaged.
///
///     marks/condemned   generation, then a pack's name or a digest a line    written by `Collector`, removed after its sweep
///     marks/damaged     a digest a line                                      written by `StoreCheck`
enum Marks {
    /// What a collection wants to take away.
    struct Condemned {
        /// Names the collection.
        var generation: String
        /// The packs that stood when the list was made. A writer may store a condemned object anew, in a pack that is not here.
        var packs: Set<String>
        var digests: Set<Digest>
    }

    static func condemnedPath(_ folder: String) -> String { folder + "/marks/condemned" }
    static func damagedPath(_ folder: String) -> String { folder + "/marks/damaged" }

    /// The name of the collection whose marks are in force; empty where there is none.
    static func generation(in folder: String) throws(SystemError) -> String {
        try lines(condemnedPath(folder)).first ?? ""
    }

    /// What a writer must not rely on.
    static func avoided(in store: ObjectStore) throws(Failure) -> (digests: Set<Digest>, knowsDamage: Bool) {
        do throws(SystemError) {
            let damaged = try damaged(in: store.folder)
            return ((try condemned(in: store.folder)?.digests ?? []).union(damaged), !damaged.isEmpty)
        } catch { throw Failure(.io, "the marks of the store \(store.folder) cannot be read", cause: error) }
    }

    static func condemned(in folder: String) throws(SystemError) -> Condemned? {
        let lines = try lines(condemnedPath(folder))
        guard let generation = lines.first else { return nil }
        let names = lines.dropFirst().filter { $0.hasSuffix(".pack") }
        return Condemned(
            generation: generation, packs: Set(names), digests: Set(lines.dropFirst().compactMap { Digest(hex: $0) }))
    }

    static func damaged(in folder: String) throws(SystemError) -> Set<Digest> {
        Set(try lines(damagedPath(folder)).compactMap { Digest(hex: $0) })
    }

    static func write(_ condemned: Condemned, in folder: String) throws(SystemError) {
        let lines = [condemned.generation] + condemned.packs.sorted() + condemned.digests.map(\.hex).sorted()
        try write(condemnedPath(folder), lines)
    }

    static func write(_ path: String, _ lines: [String]) throws(SystemError) {
        try Files.writeDurably(path, Array((lines.joined(separator: "\n") + "\n").utf8))
    }

    private static func lines(_ path: String) throws(SystemError) -> [String] {
        do throws(SystemError) {
            let text = String(decoding: try Files.read(path, limit: 1 << 30), as: UTF8.self)
            return text.split(separator: "\n").map(String.init)
        } catch {
            if error.isNotFound { return [] }
            throw error
        }
    }
}
