import Text

/// What a `files` stage did. Its JSON is the stage's report:
///
///     {"actions": [{"action": "write", "path": "/etc/motd", "files": 1, "bytes": 12}, …]}
///
/// `files` counts the names that were written, changed or removed, folders and links too; `bytes` is what was written to files.
struct FilesReport: Encodable {
    var actions: [Entry] = []

    struct Entry: Encodable {
        let action: String
        let path: String
        var files = 0
        var bytes: UInt64 = 0
    }

    var summary: String {
        let files = actions.reduce(0) { $0 + $1.files }
        let bytes = actions.reduce(UInt64(0)) { $0 + $1.bytes }
        return "\(Amount.count(actions.count, "action")), \(Amount.count(files, "name")) changed, \(Amount.bytes(bytes)) written"
    }
}
