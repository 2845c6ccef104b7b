import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct ReaderOracleTests {
    /// Whether setcap is there and may do its work in the temporary folder.
    private static let hasCapabilities: Bool = {
        do { return try withTemporaryFolder { !(try Shell.run("touch f; setcap cap_kill=p f; getcap f", in: $0)).isEmpty } } catch
        {
            return false
        }
    }()
    private static let missingCapabilities: Comment = "needs root, setcap and getcap: apt-get install libcap2-bin"
    private static let hasKeygen = Shell.has("ssh-keygen")
    private static let missingKeygen: Comment = "needs ssh-keygen: apt-get install openssh-client"

    @Test(
        "file capabilities that setcap wrote are told as getcap tells them", .enabled(if: hasCapabilities, missingCapabilities),
        arguments: [
            "cap_net_raw=ep", "cap_net_raw+p", "cap_chown,cap_setuid=eip", "cap_sys_admin=i", "cap_bpf,cap_checkpoint_restore=ep",
            "cap_net_bind_service=p cap_net_raw=ip", "cap_kill=ei cap_chown=eip", "=", "all=ep", "=ep cap_chown-ep",
            "cap_kill=p cap_sys_boot=i",
        ])
    func capabilities(_ given: String) throws {
        try withTemporaryFolder { folder in
            let told = try Shell.run("touch f; setcap '\(given)' f; getcap f", in: folder)
            let value = try #require(
                try ExtendedAttributes.read(Array("\(folder)/f".utf8)).first { $0.name == FileCapabilities.attribute }?.value)
            let capabilities = try #require(FileCapabilities(value))
            #expect("f \(capabilities)\n" == told)
        }
    }

    @Test(
        "authorized keys have the fingerprint and the comment that ssh-keygen tells",
        .enabled(if: hasKeygen, missingKeygen), arguments: ["ed25519", "rsa -b 2048", "ecdsa -b 256", "ecdsa -b 521"])
    func fingerprints(_ type: String) throws {
        try withTemporaryFolder { folder in
            let told = try Shell.run("ssh-keygen -q -t \(type) -N '' -C me@here -f k; ssh-keygen -lf k.pub", in: folder)
            let line = Array("from=\"10.0.0.0/8, ::1\",no-pty ".utf8) + (try Files.read("\(folder)/k.pub"))
            let keys = AuthorizedKey.all(in: line, of: "/x")
            #expect(keys.count == 1)
            // `256 SHA256:… me@here (ED25519)`
            let words = told.split(separator: " ").map(String.init)
            #expect(keys.first?.fingerprint == words[1] && keys.first?.comment == words[2])
        }
    }
}
