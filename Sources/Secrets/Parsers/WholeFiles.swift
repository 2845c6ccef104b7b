/// Files that are one credential and nothing else: Docker's secrets, Ansible's vault password, Erlang's cookie, ldap.secret, keytabs.
struct WholeFiles: FileParser {
    static let word = SecretRule("file-secret", "File that is a secret", .password, .high)

    let kind = "secret-files"
    let rules = [word]

    let names = NameTest(
        names: [
            ".vault_pass", ".vault-pass", "vault_pass", ".vault_password", "vault-password", ".vault_pass.txt", "vault_pass.txt",
            ".erlang.cookie",
            "ldap.secret", "libnss-ldap.secret", "pam_ldap.secret", "nslcd.secret", ".vault-token", "kubeadm-token",
            "passphrase.txt",
            "password.txt", ".password", ".passwd", "passwd.txt", ".pass", "master.key", "secret_key_base", ".secret",
            "secret.txt",
            "api_key.txt",
            "token.txt", ".token", "initialadminpassword", "postgres_password", "mysql_root_password", "db_password",
            "root_password",
            ".luks-key",
        ], paths: ["/run/secrets/", "/node-token$"])

    func find(in content: Content, _ found: inout [Candidate]) {
        guard content.bytes.count <= 4096, content.isText else { return }
        let value = Lines.trimmed(content.bytes, 0..<content.bytes.prefix { $0 != 0x0A }.count)
        let rest = content.bytes[value.upperBound...].filter { $0 > 0x20 }
        guard rest.count <= 1, !content.bytes[value].contains(0x20), FieldValue.isSet(content.bytes[value], atLeast: 5) else {
            return
        }
        found.append(Candidate(Self.word, value, .parser))
    }

    func canary(_ values: inout CanaryValues) -> CanaryFile { CanaryFile("/root/.vault_pass", values.password(16) + "\n") }
}
