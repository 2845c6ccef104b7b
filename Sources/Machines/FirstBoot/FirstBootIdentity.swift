import Cloud
import ImageStore
import Model
import Platform
import Text

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
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try random(UUIDText.byteCount) } catch {
            throw Failure(.io, "the system gives no randomness", cause: error)
        }
        // As a UUID of version 4, which systemd makes too.
        try editor.write(UUIDText.text(bytes, version: 4).filter { $0 != "-" } + "\n", to: "/etc/machine-id")
    }

    private func writeHostName() throws(Failure) {
        guard let text = try editor.text("/etc/hostname", limit: 4096), ["", "localhost"].contains(Self.line(text)) else {
            return
        }
        try editor.write(instance.hostName + "\n", to: "/etc/hostname")
    }

    private static func line(_ text: String) -> String { String(text.prefix { !$0.isNewline }) }
}
