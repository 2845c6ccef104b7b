import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Vulnerabilities

/// A tree of files given by path and text.
func tree(_ files: [TreePath: String]) throws(Failure) -> TreeEditor {
    let editor = try TreeEditor(root: nil, in: MemoryObjects(), date: 1_700_000_000_000_000_000)
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
        try editor.makeDirectory(path.parent)
        try editor.write(text, to: path)
    }
    return editor
}

/// A Debian 12 with packages: name, version, and the source where it is another one.
func debian(_ packages: [(name: String, version: String, source: String?)], _ more: [TreePath: String] = [:]) throws(Failure)
    -> TreeEditor
{
    let stanzas = packages.map { package in
        "Package: \(package.name)\nStatus: install ok installed\nArchitecture: amd64\nVersion: \(package.version)\n"
            + (package.source.map { "Source: \($0)\n" } ?? "")
    }
    let release = "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n"
    return try tree(
        more.merging(["/etc/os-release": release, "/var/lib/dpkg/status": stanzas.joined(separator: "\n")]) { a, _ in a })
}

/// Judges a tree by one feed with that content.
func assess(_ view: any TreeView, byFeed text: String, name: String = "feed") throws -> Assessment {
    try withTemporaryFolder { folder in
        try Files.writeDurably("\(folder)/\(name)", Array(text.utf8))
        return try Assessment(of: view, by: .init(feeds: [FeedFile("\(folder)/\(name)")]), at: .epoch)
    }
}

extension Assessment {
    /// `CVE package` for each finding, sorted.
    var pairs: [String] { findings.map { "\($0.id) \($0.package.name)" }.sorted() }
}

/// Runs `body`, which must fail, and gives its failure.
func failure(of body: () throws -> Void) throws -> Failure {
    do { try body() } catch let error as Failure { return error }
    throw Failure(.bug, "it did not fail")
}
