import Crypto
import Guest
import ImageStore
import Model
import Recipes

/// A path of the image. Links are not followed: what the path itself is gets asserted.
struct FileAssertion: ImageAssertion {
    private let path: TreePath
    private let exists: Bool
    private let mode: UInt16?
    private let owner: String?
    private let group: String?
    private let contains: String?
    private let sha256: Digest?
    private let symlinkTo: String?

    init?(_ entry: ValueReader) {
        guard let fields = entry.fields() else { return nil }
        let path = fields.required("path")?.parsed { (text) throws(Failure) in try TreePath(parsing: text) }
        exists = fields.boolean("exists", default: true)
        mode = fields.optional("mode")?.parsed { (text) throws(Failure) in try Self.mode(text) }
        owner = fields.optionalString("owner")
        group = fields.optionalString("group")
        contains = fields.optionalString("contains")
        sha256 = fields.optional("sha256")?.parsed { (text) throws(Failure) in try Self.digest(text) }
        symlinkTo = fields.optionalString("symlinkTo")
        fields.finish()
        if !exists, [mode == nil, owner == nil, group == nil, contains == nil, sha256 == nil, symlinkTo == nil].contains(false) {
            fields.report("a file that does not exist has nothing else to assert", at: "exists")
        }
        guard let path else { return nil }
        self.path = path
    }

    private static func mode(_ text: String) throws(Failure) -> UInt16 {
        guard text.allSatisfy({ ("0"..."7").contains($0) }), let mode = UInt16(text, radix: 8), mode <= 0o7777 else {
            throw Failure(.invalid, "'mode' must be octal digits such as \"0644\", this is '\(text)'")
        }
        return mode
    }

    private static func digest(_ text: String) throws(Failure) -> Digest {
        guard let digest = Digest(hex: text) else { throw Failure(.invalid, "'sha256' must be 64 hexadecimal digits") }
        return digest
    }

    func problems(in view: any TreeView) throws(Failure) -> [String] {
        let place = TreePath(try view.resolve(path.parent).names + path.names.suffix(1))
        guard let node = try view.node(at: place) else { return exists ? ["\(path) does not exist"] : [] }
        guard exists else { return ["\(path) exists"] }
        var problems: [String] = []
        if let mode, node.metadata.mode != mode {
            problems.append("\(path) has the mode \(String(node.metadata.mode, radix: 8)) and not \(String(mode, radix: 8))")
        }
        if let owner, try !isID(owner, node.metadata.uid, .user, view) {
            problems.append("\(path) belongs to the user \(node.metadata.uid) and not to \(owner)")
        }
        if let group, try !isID(group, node.metadata.gid, .group, view) {
            problems.append("\(path) belongs to the group \(node.metadata.gid) and not to \(group)")
        }
        if let symlinkTo, node.kind != .symlink(target: Array(symlinkTo.utf8)) {
            problems.append("\(path) is no link to \(symlinkTo)")
        }
        return try problems + contentProblems(place, view)
    }

    private func contentProblems(_ place: TreePath, _ view: any TreeView) throws(Failure) -> [String] {
        guard contains != nil || sha256 != nil else { return [] }
        guard let node = try view.resolvedNode(place), let content = node.content else {
            return ["\(path) is not a regular file"]
        }
        var problems: [String] = []
        if let contains, try !content.bytes(from: view.objects, limit: 64 << 20).contains(Array(contains.utf8)) {
            problems.append("\(path) does not contain '\(contains)'")
        }
        if let sha256, try Self.digest(content, view.objects) != sha256 {
            problems.append("\(path) has another SHA-256 than \(sha256.short)…")
        }
        return problems
    }

    private func isID(_ text: String, _ id: UInt32, _ kind: OwnerNames.Kind, _ view: any TreeView) throws(Failure) -> Bool {
        if let number = UInt32(text) { return number == id }
        return try OwnerNames(kind, in: view).id(of: text) == id
    }

    private static func digest(_ content: FileContent, _ objects: any ObjectReader) throws(Failure) -> Digest {
        var hasher = SHA256()
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        for extent in try content.extents(from: objects) {
            if let bytes = try extent.data(from: objects) {
                hasher.update(bytes)
                continue
            }
            var left = extent.length
            while left > 0 {
                let count = min(left, UInt64(zeros.count))
                hasher.update(zeros.span.extracting(0..<Int(count)))
                left -= count
            }
        }
        return hasher.finish()
    }
}
