import ImageStore
import Model

/// All packages of an image, from every package database in it: dpkg's status file and the `status.d` of images without dpkg, apk's
/// installed file, and rpm's database in its three forms.
///
/// Nothing is started, and the databases are hostile: one that cannot be read is an error, so that an image never looks emptier than
/// it is.
package struct InstalledPackages: Sendable {
    /// By name, version and architecture.
    package let packages: [InstalledPackage]
    /// The database files that were read.
    package let databases: [TreePath]

    /// An image with more packages is refused as hostile.
    package static let maximumPackages = 200_000

    /// What all packages together need and provide; a server of 3000 packages has 90,000.
    package static let maximumRelations = 1_000_000

    package init(in view: any TreeView) throws(Failure) {
        var relations = 0
        var found: [InstalledPackage] = []
        var databases: [TreePath] = []
        for source in try Self.sources(in: view) {
            databases.append(source.file)
            try source.forEachPackage { (package) throws(Failure) in
                guard found.count < Self.maximumPackages else {
                    throw Failure(.exhausted, "the image has more than \(Self.maximumPackages) packages")
                }
                relations += package.requires.reduce(package.provides.count) { $0 + max(1, $1.count) }
                guard relations <= Self.maximumRelations else {
                    throw Failure(.exhausted, "\(source.file) has more than \(Self.maximumRelations) relations of packages")
                }
                found.append(package)
            }
        }
        packages = found.sorted {
            ($0.name, $0.version.text, $0.architecture, $0.manager.rawValue)
                < ($1.name, $1.version.text, $1.architecture, $1.manager.rawValue)
        }
        self.databases = databases
    }

    package var isEmpty: Bool { packages.isEmpty }

    package func packages(named name: String) -> [InstalledPackage] { packages.filter { $0.name == name } }

    /// The databases that the image has.
    static func sources(in view: any TreeView) throws(Failure) -> [any PackageSource] {
        var sources: [any PackageSource] = []
        if let source = try DpkgSource(in: view) { sources.append(source) }
        sources += try DistrolessSource.all(in: view)
        if let source = try ApkSource(in: view) { sources.append(source) }
        if let source = try RPMSource(in: view) { sources.append(source) }
        return sources
    }
}

/// One package database of an image, read a package at a time.
protocol PackageSource {
    /// The file, for people.
    var file: TreePath { get }

    func forEachPackage(_ body: (InstalledPackage) throws(Failure) -> Void) throws(Failure)

    /// Every path that a package says is its own, folders included where the database names them.
    func forEachPath(_ body: (PackagedPath) throws(Failure) -> Void) throws(Failure)

    /// Every regular file of a share of the packages that has a recorded digest. A database that is read in one piece gives all of
    /// its packages to the first share.
    func forEachDigest(
        of share: PackageShare, _ body: (PackagedPath, VendorDigest) throws(Failure) -> Void
    ) throws(Failure)
}

/// One of several equal parts of a database's packages, so that several threads can read them at once.
struct PackageShare: Sendable {
    private let number: Int
    private let count: Int

    static let whole = PackageShare(0, of: 1)

    init(_ number: Int, of count: Int) { (self.number, self.count) = (number, count) }

    var isFirst: Bool { number == 0 }

    /// Its part of a list. Those of all shares, in their order, are the list.
    func part<Element>(of all: [Element]) -> ArraySlice<Element> {
        all[all.count * number / count..<all.count * (number + 1) / count]
    }
}

/// A path as a package's own list has it; where it lies in the tree is `PackagePlaces`' to say.
struct PackagedPath {
    /// The package's name.
    let package: String
    /// With or without a slash at its beginning.
    let path: ArraySlice<UInt8>
    var isConfiguration = false
}
