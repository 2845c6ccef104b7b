import Text
import Guest
import ImageStore
import Model
import Platform

/// Checks that an `InRelease` file is signed by a key from a keyring of the image.
///
/// That is wider than what apt trusts: `/usr/share/keyrings` also has keys of archives that no `Signed-By` names, and which source a key is
/// for is not looked at.
///
/// gpgv does it, the program that apt itself asks: OpenPGP is not written again here. What counts is its machine-readable status, and the
/// text that it gives back: only that is signed.
struct SuiteSignature {
    private let keyrings: [[UInt8]]
    private let environment: Environment

    private static let folders: [TreePath] = ["/etc/apt/trusted.gpg.d", "/etc/apt/keyrings", "/usr/share/keyrings"]
    private static let maximumKeyring = 4 << 20

    /// The keyrings of an image.
    init(of view: any TreeView, in environment: Environment) throws(Failure) {
        self.environment = environment
        var keyrings: [[UInt8]] = []
        var paths: [TreePath] = ["/etc/apt/trusted.gpg"]
        for folder in Self.folders {
            let folder = try view.resolve(folder)
            for (name, _) in try view.children(of: folder) ?? [] {
                let text = name.description
                // Keys that a distribution has given up are kept too, in a keyring of their own.
                guard text.hasSuffix(".gpg") || text.hasSuffix(".asc"), !text.contains("removed") else { continue }
                paths.append(folder.appending(name))
            }
        }
        for path in paths {
            guard let content = try view.resolvedNode(path)?.content, content.size <= UInt64(Self.maximumKeyring) else {
                continue
            }
            let bytes = try content.bytes(from: view.objects, limit: Self.maximumKeyring)
            if let keyring = Self.binary(bytes) { keyrings.append(keyring) }
        }
        self.keyrings = keyrings
    }

    /// The signed text of a file.
    func signedText(of bytes: [UInt8], file: String) throws(Failure) -> [UInt8] {
        guard !keyrings.isEmpty else {
            throw Failure(
                .denied, "the signature of \(file) cannot be checked: the image has no keyring of apt",
                hint: "an image with apt has keys in /etc/apt/trusted.gpg.d or /usr/share/keyrings")
        }
        guard let program = Programs.find("gpgv") else {
            throw Failure(
                .unavailable, "the signature of \(file) cannot be checked: gpgv is not on this machine",
                hint: "install it with 'apt-get install gpgv'")
        }
        do {
            let folder = "\(Programs.variable("TMPDIR") ?? "/tmp")/ingot-signature-\(try Random.token())"
            try Files.makeFolders(folder, permissions: 0o700)
            defer { try? Files.removeTree(folder) }
            return try check(bytes, file, program, folder)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.io, "the signature of \(file) cannot be checked", cause: error)
        }
    }

    private func check(_ bytes: [UInt8], _ file: String, _ program: String, _ folder: String) throws -> [UInt8] {
        try Files.writeDurably("\(folder)/signed", bytes, permissions: 0o600)
        var arguments = ["--status-fd", "1", "--output", "\(folder)/text"]
        for (index, keyring) in keyrings.enumerated() {
            try Files.writeDurably("\(folder)/\(index).gpg", keyring, permissions: 0o600)
            arguments += ["--keyring", "\(folder)/\(index).gpg"]
        }
        var verdict = SignatureVerdict()
        let run = Subprocess(
            program, arguments + ["\(folder)/signed"], environment: ["PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C"],
            limits: .init(time: 60_000_000_000, output: 1 << 20))
        _ = try run.run(in: environment) { _, line in
            verdict.read(String(decoding: line, as: UTF8.self))
        }
        guard verdict.isGood else {
            let objection = verdict.objection.map { ": gpgv says \($0)" } ?? ""
            throw Failure(
                .denied, "\(file) is not signed by a key from a keyring of the image\(objection)",
                hint: "take the index from the mirror of the image's own distribution, and see that its keys are valid")
        }
        return try Files.read("\(folder)/text", limit: 64 << 20)
    }

    /// gpgv wants keyrings without armour (RFC 9580, 6.2).
    private static func binary(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.starts(with: Array("-----BEGIN PGP PUBLIC KEY BLOCK".utf8)) else { return bytes.isEmpty ? nil : bytes }
        var keyring: [UInt8] = []
        var body: [UInt8] = []
        var isInBody = false
        for line in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            let line = line.last == 0x0D ? line.dropLast() : line
            if line.starts(with: Array("-----BEGIN".utf8)) {
                (body, isInBody) = ([], false)
            } else if line.starts(with: Array("-----END".utf8)) {
                guard let packets = Base64.decode(body) else { return nil }
                keyring += packets
                isInBody = false
            } else if line.isEmpty {
                // Headers end with an empty line.
                isInBody = true
            } else if isInBody, line.first != UInt8(ascii: "=") {
                body += line
            }
        }
        return keyring.isEmpty ? nil : keyring
    }
}
