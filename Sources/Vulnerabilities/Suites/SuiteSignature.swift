import Guest
import ImageStore
import Model
import Platform

/// Checks that an `InRelease` file is signed by a key that the image trusts for it (`SuiteTrust`).
///
/// gpgv does it, the program that apt itself asks: OpenPGP is not written again here. What counts is its machine-readable status, and the
/// text that it gives back: only that is signed.
struct SuiteSignature {
    private let trust: SuiteTrust
    private let environment: Environment

    /// A text, and who signed it.
    struct Signed {
        let text: [UInt8]
        /// Fingerprints of the keys whose signatures are good.
        let fingerprints: [String]
        let isPinned: Bool
    }

    init(of view: any TreeView, in environment: Environment) throws(Failure) {
        self.environment = environment
        trust = try SuiteTrust(of: view)
    }

    /// The text of a file without its signature, which nobody looked at: what stands outside of the signed lines may be in it.
    static func unchecked(_ bytes: [UInt8]) -> [UInt8] {
        let begin = Array("-----BEGIN PGP SIGNED MESSAGE".utf8)
        guard bytes.starts(with: begin) else { return bytes }
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let body = lines.drop { !$0.isEmpty && $0 != [0x0D] }.dropFirst().prefix { !$0.starts(with: Array("-----BEGIN".utf8)) }
        return Array(body.joined(separator: [0x0A]))
    }

    /// The signed text of a file; `prefix` as `SuiteTrust.keys` takes it.
    func signedText(of bytes: [UInt8], file: String, prefix: String) throws(Failure) -> Signed {
        let keys = try trust.keys(prefix: prefix, folder: Files.parent(of: file))
        guard !keys.keyrings.isEmpty else {
            throw Failure(
                .denied, "the signature of \(file) cannot be checked: the image has no keyring of apt for it",
                hint: "an image with apt has keys in /etc/apt/trusted.gpg.d, or where Signed-By of its sources says")
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
            return try check(bytes, file, program, folder, keys)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.io, "the signature of \(file) cannot be checked", cause: error)
        }
    }

    private func check(
        _ bytes: [UInt8], _ file: String, _ program: String, _ folder: String, _ keys: SuiteTrust.Keys
    ) throws -> Signed {
        try Files.writeDurably("\(folder)/signed", bytes, permissions: 0o600)
        var arguments = ["--status-fd", "1", "--output", "\(folder)/text"]
        for (index, keyring) in keys.keyrings.enumerated() {
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
                .denied, "\(file) is not signed by a key that the image trusts for it\(objection)",
                hint: "take the index from the mirror of the image's own distribution, and see that its keys are valid")
        }
        if let wanted = keys.fingerprints, verdict.fingerprints.isDisjoint(with: wanted) {
            throw Failure(
                .denied,
                "\(file) is signed by \(verdict.fingerprints.sorted().joined(separator: ", ")), and Signed-By names other keys",
                hint: "take the index from the archive that the image's own source names")
        }
        return Signed(
            text: try Files.read("\(folder)/text", limit: 64 << 20), fingerprints: verdict.primaries, isPinned: keys.isPinned)
    }
}
