/// What looks like a secret and is none.
enum LookAlikes {
    /// At least some hundred things, each on a line that somebody could take for one.
    static func files(seed: UInt64, rounds: Int) -> [CorpusFile] {
        var values = CorpusValues(seed)
        return (0..<rounds).flatMap { _ in numbers(&values) + placeholders(&values) + texts(&values) }
    }

    /// How many there are in the files.
    static func count(_ files: [CorpusFile]) -> Int { files.reduce(0) { $0 + $1.content.count { $0 == 0x0A } } }

    private static func numbers(_ v: inout CorpusValues) -> [CorpusFile] {
        [
            CorpusFile(
                "/srv/app/package-lock.json",
                marked:
                    "{\"integrity\": \"sha512-\(v.base64(86))==\",\n\"resolved\": \"https://registry.npmjs.org/a/-/a-1.0.0.tgz#\(v.hex(40))\"}\n"
            ),
            CorpusFile("/srv/app/yarn.lock", marked: "a@^1.0.0:\n  integrity sha512-\(v.base64(86))==\n"),
            CorpusFile("/srv/app/Cargo.lock", marked: "[[package]]\nname = \"tokenizers\"\nchecksum = \"\(v.hex(64))\"\n"),
            CorpusFile("/srv/app/go.sum", marked: "github.com/a/token v1.0.0 h1:\(v.base64(43))=\n"),
            CorpusFile("/srv/app/poetry.lock", marked: "name = \"keyring\"\ncontent-hash = \"\(v.hex(64))\"\n"),
            CorpusFile("/srv/app/.git/refs/heads/main", marked: "\(v.hex(40))\n"),
            CorpusFile(
                "/srv/app/.git/logs/HEAD",
                marked: "\(v.hex(40)) \(v.hex(40)) A <a@b.c> 1690000000 +0000\tcommit: rotate the token\n"),
            CorpusFile("/etc/machine-id", marked: "\(v.hex(32))\n"),
            CorpusFile("/etc/fstab", marked: "UUID=\(v.uuid()) / ext4 defaults 0 1\n"),
            CorpusFile("/usr/share/x/SHA256SUMS", marked: "\(v.hex(64))  key.tar.gz\n\(v.hex(64))  password-store.tar.gz\n"),
            CorpusFile(
                "/root/.ssh/known_hosts",
                marked: "|1|\(v.base64(27))=|\(v.base64(27))= ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI\(v.base64(43))\n"),
            CorpusFile(
                "/root/.ssh/authorized_keys", marked: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ\(v.base64(340)) alice@laptop\n"),
            CorpusFile(
                "/etc/ssl/certs/a.pem",
                marked: "-----BEGIN CERTIFICATE-----\nMIID\(v.base64(60))\n\(v.base64(64))\n-----END CERTIFICATE-----\n"),
            CorpusFile(
                "/etc/apt/keyrings/a.asc",
                marked: "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQIN\(v.base64(60))\n-----END PGP PUBLIC KEY BLOCK-----\n"),
            CorpusFile(
                "/etc/pki/pub.pem",
                marked: "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\(v.base64(32))\n-----END PUBLIC KEY-----\n"),
            CorpusFile(
                "/srv/www/app.min.js",
                marked:
                    "!function(e){var t=e.token,n=e.password;e.apiKey=t.get(\"key\");r={key:\"Enter\",keyCode:13,password:n,token:null}}();\n"
            ),
            CorpusFile(
                "/srv/www/page.html",
                marked:
                    "<img src=\"data:image/png;base64,iVBORw0KGgo\(v.base64(120))\">\n<input type=\"password\" name=\"password\" value=\"\">\n"
            ),
            CorpusFile(
                "/var/log/app.log",
                marked: "2026-01-01 request id=\(v.uuid()) token refresh ok\nfingerprint SHA256:\(v.base64(43))\n"),
            CorpusFile(
                "/etc/app/ids.yaml",
                marked: "request_id: \(v.uuid())\ncommit: \(v.hex(40))\netag: \"\(v.hex(32))\"\nkey_id: \(v.uuid())\n"),
        ]
    }

    private static func placeholders(_ v: inout CorpusValues) -> [CorpusFile] {
        [
            CorpusFile(
                "/etc/app/app.env.example",
                marked:
                    "DB_PASSWORD=changeme\nAPI_KEY=<your-api-key>\nSECRET=${SECRET}\nTOKEN=xxxxxxxxxxxxxxxx\nPASSWORD=\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\nAWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n"
            ),
            CorpusFile(
                "/etc/app/app.yaml",
                marked:
                    "password: ${DB_PASSWORD}\nsecret: {{ vault_secret }}\ntoken: null\napi_key: \"\"\npassword_file: /run/secrets/db\nkey_path: /etc/ssl/private/x.key\nsecretName: app-tls\n"
            ),
            CorpusFile(
                "/etc/app/app.ini",
                marked:
                    "[auth]\npassword_hash = sha256\npassword_min_length = 12\ntoken_expiry = 3600\nsecret_backend = vault\nauth_method = ldap\npassword = %(db_password)s\n"
            ),
            CorpusFile(
                "/etc/app/app.properties",
                marked: "db.password=@db.password@\napi.key=#{environment.key}\nsecurity.password.encoder=bcrypt\n"),
            CorpusFile(
                "/srv/app/main.tf",
                marked:
                    "password = var.db_password\ntoken = data.aws_secretsmanager_secret_version.x.secret_string\nkms_key_id = aws_kms_key.main.arn\n"
            ),
            CorpusFile(
                "/srv/app/config.py",
                marked:
                    "password = os.environ['DB_PASSWORD']\ntoken = get_token()\nsecret = config.get('secret')\napi_key = settings.API_KEY\nPASSWORD_FIELD = 'password'\ntoken_url = 'https://example.com/token'\n"
            ),
            CorpusFile(
                "/srv/app/config.go",
                marked:
                    "password := os.Getenv(\"DB_PASSWORD\")\nreq.Header.Set(\"Authorization\", \"Bearer \"+token)\ntype Secret struct { Password string }\n"
            ),
            CorpusFile(
                "/srv/app/Main.java",
                marked:
                    "String password = System.getenv(\"PASSWORD\");\nprivate String token;\nassert password.equals(confirmPassword);\nthis.apiKey = apiKey;\n"
            ),
            CorpusFile(
                "/srv/app/run.sh",
                marked:
                    "#!/bin/sh\nread -s PASSWORD\nexport TOKEN=$(cat /run/secrets/token)\nmysql -p\"$PASSWORD\" db\ncurl -H \"Authorization: Bearer $TOKEN\" https://x/\n# password: see the vault\nPASS=\"$1\"\n"
            ),
            CorpusFile(
                "/srv/app/README.md",
                marked:
                    "# Setup\nSet `password: <your password>` in the file.\nThe token is read from the environment.\n    export API_KEY=your_api_key_here\npostgres://user:password@localhost/db\n"
            ),
            CorpusFile(
                "/etc/nginx/nginx.conf",
                marked: "ssl_certificate_key /etc/ssl/private/site.key;\nproxy_set_header Authorization $http_authorization;\n"),
            CorpusFile(
                "/etc/pam.d/common-password",
                marked: "password [success=1 default=ignore] pam_unix.so obscure yescrypt\npassword requisite pam_deny.so\n"),
            CorpusFile(
                "/etc/shadow", marked: "root:*:19000:0:99999:7:::\ndaemon:!:19000:0:99999:7:::\nbin:!!:19000:0:99999:7:::\n"),
            CorpusFile(
                "/etc/passwd", marked: "root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n"),
            CorpusFile(
                "/etc/ssh/sshd_config",
                marked:
                    "PasswordAuthentication no\nPermitEmptyPasswords no\nHostKey /etc/ssh/ssh_host_ed25519_key\nAuthorizedKeysFile .ssh/authorized_keys\n"
            ),
            CorpusFile(
                "/root/.bash_history",
                marked:
                    "passwd alice\nssh-keygen -t ed25519\nmysql -u root -p\ncurl -u $USER:$PASS https://x/\nvault login\nexport PATH=/usr/bin\n"
            ),
        ]
    }

    private static func texts(_ v: inout CorpusValues) -> [CorpusFile] {
        [
            CorpusFile(
                "/usr/share/locale/de/app.po",
                marked: "msgid \"Password:\"\nmsgstr \"Passwort:\"\nmsgid \"Invalid token\"\nmsgstr \"Token ist falsch\"\n"),
            CorpusFile(
                "/srv/app/i18n/en.json",
                marked:
                    "{\"password\": \"Password\",\n\"forgotPassword\": \"Forgot your password?\",\n\"token\": \"Access token\",\n\"secret\": \"Keep this secret\",\n\"apiKey\": \"API key\"}\n"
            ),
            CorpusFile(
                "/usr/share/man/man8/pw.8",
                marked: ".TP\n.B password = string\nThe password of the user. token=value is also allowed.\n"),
            CorpusFile(
                "/usr/share/doc/app/config.txt",
                marked:
                    "password: the password that is used to connect\nsecret - a shared secret, see RFC 2865\nToken: an opaque string\n"
            ),
            CorpusFile(
                "/srv/app/schema.sql",
                marked:
                    "CREATE TABLE users (id INT, password VARCHAR(255) NOT NULL, token TEXT);\nALTER TABLE users ADD COLUMN api_key CHAR(40);\n"
            ),
            CorpusFile(
                "/srv/app/schema.json",
                marked:
                    "{\"properties\": {\"password\": {\"type\": \"string\", \"minLength\": 8},\n\"token\": {\"$ref\": \"#/definitions/token\"}}}\n"
            ),
            CorpusFile(
                "/srv/app/form.vue",
                marked:
                    "<input v-model=\"password\" placeholder=\"Password\" autocomplete=\"new-password\">\n<label for=\"token\">Token</label>\n"
            ),
            CorpusFile(
                "/srv/app/auth.ts",
                marked:
                    "interface Login { password: string; token?: string }\nconst token = await getToken();\nconst { password } = req.body;\nif (password === \"\") throw new Error(\"password required\");\n"
            ),
            CorpusFile(
                "/srv/app/test_auth.py",
                marked: "def test_password():\n    assert hash_password('x') != 'x'\n    token = None\n    key = 'id'\n"),
        ]
    }
}
