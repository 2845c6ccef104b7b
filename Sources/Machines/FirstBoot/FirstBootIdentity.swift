import Cloud
import ImageStore
import Model
import Platform

/// The machine's own number and name, where the image has none.
struct FirstBootIdentity {
    private let editor: TreeEditor
    private let instance: InstanceRecord
    private let random: @Sendable (_ count: Int) throws(SystemError) -> [UInt8]

    init(
        _ editor: TreeEditor, _ instance: InstanceRecord,
        random: @escaping @Sendable (_ count: Int) throws(SystemError) -> [UInt8]
    ) {
        self.editor = editor
        self.instance = instance
        self.random = random
    }

    func write() throws(Failure) {
        try writeMachineID()
        try writeHostName()
    }

    /// An image that is meant to be started often has the file empty, or `uninitialized` (machine-id(5)).
    private func writeMachineID() throws(Failure) {
        guard let text = try editor.text("/etc/machine-id", limit: 4096), ["", "uninitialized"].contains(Self.line(text)) else {
            return
        }
        var bytes: [UInt8]
        do throws(SystemError) { bytes = try random(16) } catch {
            throw Failure(.io, "the system gives no randomness", cause: error)
        }
        // As a UUID of version 4, which systemd makes too.
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        try editor.write(digits + "\n", to: "/etc/machine-id")
    }

    private func writeHostName() throws(Failure) {
        guard let text = try editor.text("/etc/hostname", limit: 4096), ["", "localhost"].contains(Self.line(text)) else {
            return
        }
        try editor.write(instance.hostName + "\n", to: "/etc/hostname")
    }

    private static func line(_ text: String) -> String { String(text.prefix { !$0.isNewline }) }
}
