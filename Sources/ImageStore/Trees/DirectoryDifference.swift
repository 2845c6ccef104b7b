import Crypto
import Model

/// The entries of two directories without most of those that are the same in both: pages of equal digest are not read, and entries
/// of equal bytes not decoded. What a comparison costs follows what was changed.
struct DirectoryDifference {
    private(set) var old: [(name: Name, node: Node)] = []
    private(set) var new: [(name: Name, node: Node)] = []
    private let oldObjects: any ObjectReader
    private let newObjects: any ObjectReader

    init(
        _ old: Digest, in oldObjects: any ObjectReader, _ new: Digest, in newObjects: any ObjectReader
    ) throws(Failure) {
        self.oldObjects = oldObjects
        self.newObjects = newObjects
        let oldBytes = try oldObjects.object(old)
        let newBytes = try newObjects.object(new)
        switch (try DirectoryObject.pages(oldBytes), try DirectoryObject.pages(newBytes)) {
        case (nil, nil): try compareEntries(oldBytes, newBytes)
        case (let oldPages?, let newPages?): try comparePages(oldPages, newPages)
        default:
            self.old = try DirectoryObject.expand(try DirectoryObject.decode(oldBytes), in: oldObjects)
            self.new = try DirectoryObject.expand(try DirectoryObject.decode(newBytes), in: newObjects)
        }
    }

    private static let noEntries = DirectoryCoding.encode([])

    private mutating func comparePages(_ old: EncodedList, _ new: EncodedList) throws(Failure) {
        try Self.walk(old, new) { (oldStart, newStart) throws(Failure) in
            let oldPage =
                if let oldStart { try DirectoryObject.page(old.bytes, at: oldStart) } else { DirectoryObject.Page?.none }
            let newPage =
                if let newStart { try DirectoryObject.page(new.bytes, at: newStart) } else { DirectoryObject.Page?.none }
            let oldBytes = if let oldPage { try oldObjects.object(oldPage.digest) } else { Self.noEntries }
            let newBytes = if let newPage { try newObjects.object(newPage.digest) } else { Self.noEntries }
            try compareEntries(oldBytes, newBytes, oldPage, newPage)
        }
    }

    /// Compares two directories of one object each, or two pages. A page begins with the name that its list gives it.
    private mutating func compareEntries(
        _ oldBytes: [UInt8], _ newBytes: [UInt8], _ oldPage: DirectoryObject.Page? = nil, _ newPage: DirectoryObject.Page? = nil
    ) throws(Failure) {
        let oldList = try DirectoryCoding.list(oldBytes)
        let newList = try DirectoryCoding.list(newBytes)
        try Self.check(oldList, oldPage)
        try Self.check(newList, newPage)
        try Self.walk(oldList, newList) {
            (oldStart, newStart) throws(Failure) in
            if let oldStart { try Self.append(try DirectoryCoding.decodeEntry(oldBytes, at: oldStart), to: &old) }
            if let newStart { try Self.append(try DirectoryCoding.decodeEntry(newBytes, at: newStart), to: &new) }
        }
    }

    private static func check(_ list: EncodedList, _ page: DirectoryObject.Page?) throws(Failure) {
        guard let page else { return }
        var list = list
        guard try list.advance(), list.hasName(page.first) else { throw DirectoryObject.damaged(page) }
    }

    /// What is merged by name later must be in order, over the ends of pages too.
    private static func append(_ entry: (name: Name, node: Node), to entries: inout [(name: Name, node: Node)]) throws(Failure) {
        if let last = entries.last, !(last.name < entry.name) {
            throw Failure(.corrupt, "the entry '\(entry.name)' of a directory is out of order")
        }
        entries.append(entry)
    }

    /// Goes through two lists by name, and hands out where that begins which only one of them has, or both with other bytes.
    private static func walk(
        _ old: EncodedList, _ new: EncodedList, _ differs: (_ old: Int?, _ new: Int?) throws(Failure) -> Void
    ) throws(Failure) {
        var (old, new) = (old, new)
        var hasOld = try old.advance()
        var hasNew = try new.advance()
        while hasOld || hasNew {
            let order = !hasNew ? -1 : !hasOld ? 1 : old.orderOfNames(new)
            if order != 0 || !old.isSame(as: new) {
                try differs(order <= 0 ? old.start : nil, order >= 0 ? new.start : nil)
                if order == 0 && old.endsAs(new) { return }
            }
            if order <= 0 { hasOld = try old.advance() }
            if order >= 0 { hasNew = try new.advance() }
        }
    }
}
