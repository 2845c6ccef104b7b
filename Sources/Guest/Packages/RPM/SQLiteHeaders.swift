import ImageStore
import Model
import SQLite

/// An rpm database in SQLite: the table `Packages(hnum, blob)`.
///
/// It is opened in memory. A temporary file would need a place, outlive a killed run, and put a hostile database where other programs
/// find it. What a write-ahead log beside it holds is put over it first.
struct SQLiteHeaders {
    private let file: TreePath
    private let view: any TreeView

    init(_ file: TreePath, in view: any TreeView) {
        self.file = file
        self.view = view
    }

    func forEach(_ content: FileContent, _ body: (ArraySlice<UInt8>) throws(Failure) -> Void) throws(Failure) {
        let log = try writeAheadLog()
        let size = log?.databaseSize ?? Int(clamping: content.size)
        guard content.size <= UInt64(RPMDatabase.maximumSize), size <= RPMDatabase.maximumSize else {
            throw Failure(
                .exhausted, "the rpm database \(file) is larger than the \(RPMDatabase.maximumSize) bytes that are read")
        }
        do {
            var image = try DatabaseImage(size: size, name: file.description)
            var offset = 0
            for extent in try content.extents(from: view.objects) {
                if let bytes = try extent.data(from: view.objects) { image.put(bytes[...], at: offset) }
                offset += Int(extent.length)
            }
            for (place, bytes) in log?.pages ?? [] { image.put(bytes, at: place) }
            let session = try image.open()
            _ = try session.rows("SELECT blob FROM Packages") { row in try body(try row.bytes("blob")[...]) }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.invalid, "the rpm database \(file) of the image cannot be read", cause: error)
        }
    }

    private func writeAheadLog() throws(Failure) -> WriteAheadLog? {
        guard let last = file.last else { return nil }
        let path = try file.parent.appending(last.description + "-wal")
        guard let content = try view.resolvedNode(path)?.content, content.size > 0 else { return nil }
        return WriteAheadLog(try content.bytes(from: view.objects, limit: WriteAheadLog.maximumSize))
    }
}
