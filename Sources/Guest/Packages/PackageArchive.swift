import Archive
import ImageStore
import Model

/// A Debian binary package, see deb(5): its control files, and its data as entries.
package struct PackageArchive {
    /// As messages name it.
    package let file: String
    private let bytes: [UInt8]
    package let entry: PackageEntry
    /// The members of the control archive, without the control file itself, by name.
    package let controlFiles: [String: (bytes: [UInt8], mode: UInt16)]

    private static let maximumControl = 16 << 20
    private static let maximumFile = 1 << 30
    /// Names of control members that are programs, or that make other packages run theirs.
    static let scripts = ["preinst", "postinst", "prerm", "postrm", "config", "triggers"]

    /// Reads the control archive only.
    package init(bytes: [UInt8], file: String) throws(Failure) {
        self.bytes = bytes
        self.file = file
        var files: [String: (bytes: [UInt8], mode: UInt16)] = [:]
        try Self.member("control.tar", of: bytes, file) { (reader: inout ArchiveReader) throws(ArchiveError) in
            var total = 0
            while let entry = try reader.next() {
                guard entry.kind == .file else { continue }
                let bytes = try reader.readAll(limit: Self.maximumControl - total)
                total += bytes.count
                let name = entry.displayPath.hasPrefix("./") ? String(entry.displayPath.dropFirst(2)) : entry.displayPath
                files[name] = (bytes, entry.mode)
            }
        }
        guard let control = files.removeValue(forKey: "control") else {
            throw Failure(.invalid, "\(file) is no Debian package: its control archive has no control file")
        }
        let stanzas = try ControlFile.parse(control.bytes, file: "\(file): control")
        guard let stanza = stanzas.first, stanzas.count == 1 else {
            throw Failure(.invalid, "\(file): the control file has \(stanzas.count) paragraphs instead of one")
        }
        entry = PackageEntry(stanza)
        controlFiles = files
        try verify()
    }

    private func verify() throws(Failure) {
        for field in ["Package", "Version", "Architecture", "Maintainer", "Description"]
        where entry.stanza[field]?.isEmpty ?? true {
            throw Failure(.invalid, "\(file): the control file has no \(field)")
        }
        guard PackageDatabase.isPackageName(entry.name) else {
            throw Failure(.invalid, "\(file): '\(entry.name.prefix(80))' is no package name")
        }
        _ = try PackageVersion(parsing: entry.version)
        for name in controlFiles.keys where name.contains("/") || !PackageDatabase.isPackageName(name) {
            throw Failure(.invalid, "\(file): the control archive has a file named '\(name.prefix(80))'")
        }
    }

    package var scripts: [String] { Self.scripts.filter { controlFiles[$0] != nil } }

    /// The absolute paths of the configuration files.
    var configurationFiles: [String] {
        guard let bytes = controlFiles["conffiles"]?.bytes else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { trimmed($0) }.filter { $0.hasPrefix("/") }
    }

    /// Visits the entries of the data archive in its order; a regular file comes with its content, stored.
    func forEachEntry(
        storingIn writer: any ObjectWriter, _ visit: (ArchiveEntry, FileContent?) throws(Failure) -> Void
    ) throws(Failure) {
        var failure: Failure?
        try Self.member("data.tar", of: bytes, file) { (reader: inout ArchiveReader) throws(ArchiveError) in
            while let entry = try reader.next() {
                let bytes = entry.kind == .file ? try reader.readAll(limit: Self.maximumFile) : nil
                do throws(Failure) {
                    var content: FileContent?
                    if let bytes { content = try Chunker.store(bytes, in: writer) }
                    try visit(entry, content)
                } catch {
                    failure = error
                    return
                }
            }
        }
        if let failure { throw failure }
    }

    /// The content of the first regular file of the data archive that has one of these paths, without a slash before it.
    package func data(at paths: Set<String>, limit: Int = 16 << 20) throws(Failure) -> [UInt8]? {
        var found: [UInt8]?
        try Self.member("data.tar", of: bytes, file) { (reader: inout ArchiveReader) throws(ArchiveError) in
            while let entry = try reader.next() {
                let path = entry.displayPath.hasPrefix("./") ? String(entry.displayPath.dropFirst(2)) : entry.displayPath
                guard entry.kind == .file, paths.contains(path) else { continue }
                found = try reader.readAll(limit: limit)
                return
            }
        }
        return found
    }

    /// Opens the member whose name starts with `name`, in whatever compression.
    private static func member(
        _ name: String, of bytes: [UInt8], _ file: String, _ body: (inout ArchiveReader) throws(ArchiveError) -> Void
    ) throws(Failure) {
        var found = false
        do throws(ArchiveError) {
            var outer = try ArchiveReader(bytes: bytes, formats: .ar)
            while !found, let entry = try outer.next() {
                guard entry.displayPath == name || entry.displayPath.hasPrefix(name + ".") else { continue }
                found = true
                var inner = try outer.nested(formats: .tar)
                try body(&inner)
            }
        } catch {
            throw Failure(
                error.kind == .limit ? .exhausted : .invalid, "the Debian package \(file) could not be read", cause: error)
        }
        if !found { throw Failure(.invalid, "\(file) is no Debian package: it has no member \(name)") }
    }
}
