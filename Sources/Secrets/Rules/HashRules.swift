/// Hashes of passwords: who has them can guess, and find out when the guess is right.
extension RuleTable {
    static let hashes: [TokenRule] = [
        hash("md5-crypt", "Password hash (MD5-crypt)", ["$1$"], #"\$1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}"#),
        hash("apache-md5", "Password hash (Apache MD5)", ["$apr1$"], #"\$apr1\$[./A-Za-z0-9]{1,8}\$[./A-Za-z0-9]{22}"#),
        hash(
            "sha256-crypt", "Password hash (SHA-256-crypt)", ["$5$"],
            #"\$5\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{43}"#),
        hash(
            "sha512-crypt", "Password hash (SHA-512-crypt)", ["$6$"],
            #"\$6\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{86}"#),
        hash(
            "yescrypt", "Password hash (yescrypt)", ["$y$", "$gy$"],
            #"\$g?y\$[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}"#),
        hash("scrypt-crypt", "Password hash (scrypt)", ["$7$"], #"\$7\$[./A-Za-z0-9]{11,97}\$[./A-Za-z0-9]{43}"#),
        hash("bcrypt", "Password hash (bcrypt)", ["$2a$", "$2b$", "$2y$", "$2x$"], #"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}"#),
        hash(
            "sha1-crypt", "Password hash (SHA-1-crypt)", ["$sha1$"], #"\$sha1\$\d{1,9}\$[./A-Za-z0-9]{1,64}\$[./A-Za-z0-9]{28}"#),
        hash(
            "argon2", "Password hash (Argon2)", ["$argon2"],
            #"\$argon2(?:id|i|d)\$(?:v=\d+\$)?m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{8,88}\$[A-Za-z0-9+/]{16,128}"#),
        hash("phpass", "Password hash (phpass)", ["$P$", "$H$"], #"\$[PH]\$[./A-Za-z0-9]{31}"#),
        hash(
            "ldap-hash", "Password hash (LDAP)", ["{SSHA", "{SHA}", "{SMD5}", "{SHA256}", "{SHA512}"],
            #"\{(?:SSHA|SHA|SMD5|SSHA256|SSHA384|SSHA512|SHA256|SHA512)\}[A-Za-z0-9+/]{26,140}={0,2}"#),
        hash(
            "ldap-crypt", "Password hash (LDAP crypt)", ["{CRYPT}", "{crypt}"], #"\{(?:CRYPT|crypt)\}[./A-Za-z0-9$=,]{13,140}"#),
        hash(
            "pbkdf2", "Password hash (PBKDF2)", ["pbkdf2_sha", "$pbkdf2"],
            #"(?:\$pbkdf2(?:-sha\d+)?|pbkdf2_sha\d+)\$\d+\$[A-Za-z0-9./+]{4,64}\$[A-Za-z0-9+/.]{20,128}={0,2}"#),
        hash(
            "grub-hash", "Password hash (GRUB)", ["grub.pbkdf2.sha512."],
            #"grub\.pbkdf2\.sha512\.\d+\.[A-F0-9]{64,256}\.[A-F0-9]{64,256}"#),
        hash(
            "postgres-scram", "Password hash (SCRAM)", ["SCRAM-SHA-256$", "SCRAM-SHA-1$"],
            #"SCRAM-SHA-(?:256|1)\$\d+:[A-Za-z0-9+/=]{12,64}\$[A-Za-z0-9+/=]{28,64}:[A-Za-z0-9+/=]{28,64}"#),
        hash("mysql-native", "Password hash (MySQL)", ["'*", "\"*", "(*"], #"['"(]\*([A-F0-9]{40})"#),
        hash("mysql-sha2", "Password hash (MySQL caching SHA-2)", ["$A$005$"], #"\$A\$005\$[^\n'"]{40,80}"#),
        hash("postgres-md5", "Password hash (PostgreSQL MD5)", ["md5"], "md5[a-f0-9]{32}"),
        hash("drupal", "Password hash (Drupal)", ["$S$"], #"\$S\$[./A-Za-z0-9]{52}"#),
        hash("cisco-hash", "Password hash (Cisco)", ["$8$", "$9$"], #"\$[89]\$[./A-Za-z0-9]{14}\$[./A-Za-z0-9]{43}"#),
        hash("jupyter-hash", "Password hash (Jupyter)", ["sha1:", "argon2:$argon2"], "sha1:[a-f0-9]{12}:[a-f0-9]{40}"),
    ]

    private static func hash(_ id: String, _ title: String, _ literals: [String], _ pattern: String) -> TokenRule {
        TokenRule("hash-\(id)", title, .passwordHash, .high, literals, pattern, entropy: 3)
    }
}
