import ImageStore
import Model

/// `hosts`: lines of `/etc/hosts` that name the machine which built the image go: those of 127.0.1.1, those whose names are made of a
/// private EC2 address (`ip-10-0-0-7`), and those that name the host name of `/etc/hostname`. From a line of 127.0.0.1 or ::1 only
/// such names go.
package struct EditHosts: ScrubKind {
    package static let name = "hosts"

    package init() {}

    package func run(_ work: ScrubWork) throws(Failure) {
        for path in try work.fileTargets() {
            var file = LineFile(try work.editor.read(path) ?? [])
            file.lines = file.lines.compactMap { kept($0, hostName: work.facts.hostName) }
            try work.replace(path, with: file.bytes)
        }
    }

    private func kept(_ line: [UInt8], hostName: [UInt8]?) -> [UInt8]? {
        let words = line.prefix { $0 != UInt8(ascii: "#") }.split { $0 == 0x20 || $0 == 0x09 }
        guard let address = words.first, words.count > 1 else { return line }
        if address.elementsEqual("127.0.1.1".utf8) { return nil }
        let names = words.dropFirst()
        let others = names.filter { !isMachine($0, hostName) }
        if others.count == names.count { return line }
        let isLoopback = address.elementsEqual("127.0.0.1".utf8) || address.elementsEqual("::1".utf8)
        if others.isEmpty || !isLoopback { return nil }
        return Array(([address] + others).joined(separator: [0x20]))
    }

    private func isMachine(_ name: ArraySlice<UInt8>, _ hostName: [UInt8]?) -> Bool {
        let short = name.prefix { $0 != UInt8(ascii: ".") }
        if let hostName, name.elementsEqual(hostName) || short.elementsEqual(hostName.prefix { $0 != UInt8(ascii: ".") }) {
            return !short.elementsEqual("localhost".utf8)
        }
        let parts = short.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.count == 5 && parts[0].elementsEqual("ip".utf8)
            && parts[1...].allSatisfy { UInt8(decimal: Array($0)) != nil }
    }
}
