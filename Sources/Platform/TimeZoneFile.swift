import Glibc

// Time zones are read here and not through Foundation: Foundation's are nil in a statically linked build.

/// A time zone of the IANA database: the offset from UTC at every instant. A plain value once it is read.
package struct ZoneInfo: Equatable, Sendable {
    /// `Asia/Seoul`
    package let name: String
    private let file: TimeZoneFile

    struct Transition: Equatable, Sendable {
        let time: Int64
        let offset: Int
    }

    /// Why there is no such zone.
    package enum Problem: Error, Equatable, Sendable, CustomStringConvertible {
        /// The name is not of the form of zone names; nothing was opened.
        case badName(String)
        case unknown(String)
        /// There is no database at all.
        case noDatabase(folder: String)
        case unreadable(SystemError)
        case malformed(path: String, reason: String)

        package var description: String {
            switch self {
            case .badName(let name): "\"\(name)\" is not the name of a time zone"
            case .unknown(let name): "there is no time zone \"\(name)\""
            case .noDatabase(let folder): "there is no time zone database in \(folder)"
            case .unreadable(let error): error.description
            case .malformed(let path, let reason): "the time zone file \(path) is damaged: \(reason)"
            }
        }
    }

    package static let databaseFolder = "/usr/share/zoneinfo"

    /// Always there, also without a database.
    package static let utc = ZoneInfo(name: "UTC", file: TimeZoneFile(fixedOffset: 0))

    private init(name: String, file: TimeZoneFile) {
        self.name = name
        self.file = file
    }

    /// Reads the zone from the database.
    package init(named name: String, folder: String = Self.databaseFolder) throws(Problem) {
        if name == "UTC" {
            self = .utc
            return
        }
        guard Self.isWellFormed(name) else { throw .badName(name) }
        let path = "\(folder)/\(name)"
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Files.read(path, limit: 1 << 20)
        } catch {
            guard Files.exists(folder) else { throw .noDatabase(folder: folder) }
            // A folder of zones, such as America, is no zone.
            if error.isNotFound || error.isFolder { throw .unknown(name) }
            throw .unreadable(error)
        }
        try self.init(name: name, bytes: bytes, path: path)
    }

    /// Takes the contents of a TZif file; `path` is for errors.
    package init(name: String, bytes: [UInt8], path: String) throws(Problem) {
        self.name = name
        do throws(TimeZoneFile.Malformed) {
            file = try TimeZoneFile(bytes: bytes)
        } catch {
            throw .malformed(path: path, reason: error.reason)
        }
    }

    /// Words of letters, digits, `_`, `+` and `-` between slashes: neither `..` nor an absolute path.
    private static func isWellFormed(_ name: String) -> Bool {
        guard name.utf8.count <= 64 else { return false }
        return name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                        || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
                }
        }
    }

    /// Seconds east of UTC at an instant, given in seconds since 1970.
    package func offset(at seconds: Int64) -> Int {
        guard let last = file.transitions.last, seconds < last.time else {
            return file.footer?.offset(at: seconds) ?? file.transitions.last?.offset ?? file.initialOffset
        }
        let next = firstTransition(after: seconds)
        if next > 0 { return file.transitions[next - 1].offset }
        return file.earlyRule?.offset(at: seconds) ?? file.initialOffset
    }

    /// The index of the first transition of the table that is later.
    private func firstTransition(after seconds: Int64) -> Int {
        var low = 0
        var high = file.transitions.count
        while low < high {
            let middle = (low + high) / 2
            if file.transitions[middle].time <= seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension SystemError {
    fileprivate var isFolder: Bool { errno == EISDIR }
}

// From a wall clock to instants.
extension ZoneInfo {
    /// Which instants have a given local time. Instants are seconds since 1970.
    package enum Resolution: Equatable, Sendable {
        /// The clock jumps over it.
        case gap
        case one(Int64)
        /// The clock shows it twice.
        case overlap(first: Int64, second: Int64)

        /// The first instant with that local time.
        package var first: Int64? {
            switch self {
            case .gap: nil
            case .one(let instant), .overlap(let instant, _): instant
            }
        }
    }

    /// Takes what the clock shows, as seconds since 1970-01-01T00:00:00 on that same clock.
    package func resolve(local: Int64) -> Resolution {
        var first: Int64?
        var last: Int64?
        for offset in offsets(around: local) {
            let (instant, overflow) = local.subtractingReportingOverflow(Int64(offset))
            guard !overflow, self.offset(at: instant) == offset else { continue }
            first = min(first ?? instant, instant)
            last = max(last ?? instant, instant)
        }
        guard let first, let last else { return .gap }
        return first == last ? .one(first) : .overlap(first: first, second: last)
    }

    /// Every offset that is in force at some instant less than 27 hours from `local` read as UTC; one may come twice.
    private func offsets(around local: Int64) -> [Int] {
        let margin: Int64 = 27 * 3600
        let start = local < .min + margin ? .min : local - margin
        let end = local > .max - margin ? .max : local + margin
        var offsets = [offset(at: start)]
        for index in firstTransition(after: start)..<firstTransition(after: end) {
            offsets.append(file.transitions[index].offset)
        }
        if let rule = file.footer, end >= file.transitions.last?.time ?? .min {
            offsets += rule.transitions(from: start, to: end).filter { start...end ~= $0.time }.map(\.offset)
        }
        if let rule = file.earlyRule, start < file.transitions.first?.time ?? .max {
            offsets += rule.transitions(from: start, to: end).filter { start...end ~= $0.time }.map(\.offset)
        }
        return offsets
    }
}

// The list of zones.
extension ZoneInfo {
    /// The names of all zones of the database, sorted; none where there is no database.
    package static func names(folder: String = Self.databaseFolder) -> [String] {
        var names = ["UTC"]
        for name in Files.names(in: folder) where !["posix", "right", "posixrules", "localtime"].contains(name) {
            collect(name, in: folder, into: &names)
        }
        return Set(names).sorted()
    }

    private static func collect(_ name: String, in folder: String, into names: inout [String]) {
        guard isWellFormed(name) else { return }
        let below = Files.names(in: "\(folder)/\(name)")
        for child in below { collect("\(name)/\(child)", in: folder, into: &names) }
        if below.isEmpty, let bytes = try? Files.read("\(folder)/\(name)", limit: 1 << 20), bytes.starts(with: "TZif".utf8) {
            names.append(name)
        }
    }
}
