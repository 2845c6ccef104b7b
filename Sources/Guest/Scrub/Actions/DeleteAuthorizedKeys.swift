import ImageStore
import Model

/// `authorized-keys`: the files of the operation, and those that sshd's `AuthorizedKeysFile` names, which may be anywhere. Of the
/// latter only files that hold a key are taken: the configuration is of the image, and not to be trusted with a list of deletions.
package struct DeleteAuthorizedKeys: ScrubKind {
    package static let name = "authorized-keys"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        var paths = Set(try work.targets())
        let isKey = try LineRule(patterns: ["*ssh-* AAAA*", "*ecdsa-* AAAA*"])
        let patterns = try configured(work)
        for path in try work.targets(patterns, containing: isKey) where try work.isFile(path) { paths.insert(path) }
        try DeletePaths.delete(paths.sorted(), work)
    }

    private func configured(_ work: ScrubWork) throws(Failure) -> [GlobPattern] {
        let accounts = try Account.all(in: work.editor)
        var patterns: [GlobPattern] = []
        let configuration = try SecureShellConfiguration(everywhereIn: work.editor)
        for value in configuration.lines(of: "AuthorizedKeysFile").flatMap(\.arguments) where value != "none" {
            for account in accounts {
                guard let text = Self.expand(Array(value.utf8), account), !text.contains(where: { "{}[]*?\\".contains($0) })
                else { continue }
                let isAbsolute = text.hasPrefix("/") || text.hasPrefix("<home>/")
                do throws(Failure) { patterns += try GlobPattern.expand(isAbsolute ? text : "<home>/" + text) } catch { continue }
            }
        }
        return Array(Set(patterns))
    }

    /// The tokens of sshd_config(5): `%h` the home, `%u` the name, `%U` the id, `%%` a percent sign.
    private static func expand(_ value: [UInt8], _ account: Account) -> String? {
        var result: [UInt8] = []
        var index = 0
        while index < value.count {
            guard value[index] == UInt8(ascii: "%") else {
                result.append(value[index])
                index += 1
                continue
            }
            guard index + 1 < value.count else { return nil }
            switch value[index + 1] {
            case UInt8(ascii: "h"): result += Array("<home>".utf8)
            case UInt8(ascii: "u"): result += account.name
            case UInt8(ascii: "U"): result += Array(String(account.uid).utf8)
            case UInt8(ascii: "%"): result.append(UInt8(ascii: "%"))
            default: return nil
            }
            index += 2
        }
        return String(validating: result, as: UTF8.self)
    }
}
