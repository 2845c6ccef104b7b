import FoundationEssentials
import Secrets
import TestSupport
import Testing

/// Ways in which formats write credentials that a scanner of lines and words misses easily, and what looks like them.
struct FormatTests {
    /// One for all: making one takes longer than a scan.
    private static let scanner = try? SecretScanner(key: [1])

    private static func lines(_ text: String, _ path: String) throws -> [Int?] {
        try #require(scanner).findings(in: Array(text.utf8), path: path).map(\.line)
    }

    @Test(
        "The value is found on its line",
        arguments: [
            ("/srv/deploy.yml", "env:\n- name: DB_PASSWORD\n  value: hq82mznP4w\n", 3),
            ("/srv/deploy.yml", "env:\r\n- name: SESSION_SECRET\r\n  value: \"c08b8cce825fc4601a47ac1d\"\r\n", 3),
            ("/srv/task.json", "{\"environment\": [{\"name\": \"DB_PASSWORD\", \"value\": \"hq82mznP4w\"}]}\n", 1),
            ("/srv/docker-compose.yml", "command: redis-server --requirepass hq82mznP4w\n", 1),
            ("/etc/systemd/system/a.service", "ExecStart=/usr/bin/app --db-password VFyGmrUJmUAYpyn --port 80\n", 1),
            ("/root/.m2/settings.xml", "<server>\n<password>\n  hq82mznP4w\n</password>\n</server>\n", 3),
            (
                "/root/.m2/settings-security.xml",
                "<settingsSecurity>\n <master>{ZX9DPYwGAr6SbRufS0EiUNaJQiViUtVuyfpYIP98aCU=}</master>\n", 2
            ),
            (
                "/var/lib/jenkins/credentials.xml",
                "<password>{AQAAABAAAAAgh107FiwSkv8ZPZ9sXpsg2FTrY6luRInbVjJ6msG7cvBs=}</password>\n", 1
            ),
            (
                "/srv/a.tfstate",
                "{\"type\": \"random_password\", \"instances\": [{\"attributes\":\n{\"result\": \"JNo7rJON^ReMzG\"}}]}\n", 2
            ),
            ("/etc/app.conf", "password = lantern-cobalt-tundra70\n", 1),
            ("/srv/hosts.ini", "web1 ansible_ssh_pass=YWyiTP8c3jd\n", 1),
            ("/root/init.txt", "Unseal Key 1: GCfr6AmNtuUpsSBZWgLKY3JP+T6y+zRanjGZLTuk4ZPh\n", 1),
            ("/srv/.env", "DJANGO_SECRET_KEY='qv)&j9o0v=+a)+=_ok%sdho$*b1@a7cl*#b82_=1%jxzo+*!5-'\n", 1),
            ("/srv/a.properties", "spring.mail.password \\\n  = hq82mznP4w\n", 2),
            ("/srv/a.properties", "jdbc.url = jdbc\\:postgresql\\://db/x?user\\=app&password\\=gVyehsYZSgq7Q\n", 1),
            ("/srv/a.properties", "server.ssl.key-store-password: hq82mznP4w\n", 1),
            ("/etc/consul.d/a.json", "{\"tokens\": {\n\"agent\": \"d94124c8-682a-4c11-87cf-af867a1d7107\"\n}}\n", 2),
            ("/etc/swanctl/a.conf", "ike {\n secret = falcon-otter28\n}\n", 2), ("/etc/openvpn/auth.txt", "ann\nhq82mznP4w\n", 2),
            ("/root/.fetchmailrc", "poll a user \"b\" with password \"BreezeQuartz84\" is \"c\" here\n", 1),
            ("/etc/chrony/chrony.keys", "# keys\n1 SHA1 HEX:31d911b5aea0e11c3d3bcd349c7cecfd531731fb\n", 2),
            ("/etc/haproxy/haproxy.cfg", "userlist u\n user a insecure-password dLNCFq6RBQUFSYk\n", 2),
            ("/etc/haproxy/haproxy.cfg", "  stats auth admin:5dpvNtQn4xCUR\n", 1),
            ("/home/a/.zsh_history", ": 17:0;http POST x 'Authorization:Token 6ecc67dd4b8b31cbf5a2e79dcc46605b49a20118'\n", 1),
            ("/srv/a.ps1", "net use Z: \\\\nas\\x /user:ann PpTd7fcdmWwAY\n", 1),
            ("/srv/settings.py", "EMAIL_HOST_PASSWORD = 'iNZDtvNKhwX5Bpga'\n", 1),
            ("/srv/devise.rb", "config.pepper = \"26cd9e1a56ac8e4c74a67c0f946aa81027c51677ada10eaa\"\n", 1),
            ("/home/a/notes.txt", "The wifi password is: HqyNxtU7BZEUMKPg\n", 1),
            ("/root/.curlrc", "user = \"ann:m-.9X~WUNM587M\"\n", 1),
            ("/home/a/pw.rdp", "full address:s:h\npassword 51:b:5CE46E6343890BA91A00CE5C6064F1BC\n", 2),
            ("/etc/squid/squid.conf", "cache_peer p parent 3128 0 login=user:2GDFXQj1pL\n", 1),
            ("/etc/proftpd/sql.conf", "SQLConnectInfo ftp@localhost user IcXmIMMGKBqZy\n", 1),
            ("/etc/dovecot/users", "bob:{PLAIN}velv796ANCH_:1000:1000::/home/bob\n", 1),
        ])
    func found(path: String, text: String, line: Int) throws {
        #expect(try Self.lines(text, path) == [line], "\(path): \(text)")
    }

    @Test("An address in a program is found where its password is convincing")
    func addressesInPrograms() throws {
        let scanner = try #require(Self.scanner)
        func count(_ text: String) throws -> Int {
            try scanner.findings(in: [0x7F, 0x45, 0x4C, 0x46, 0, 1, 2] + Array(text.utf8) + [0, 1], path: "/opt/tool").count
        }
        #expect(try count("postgres://app:hq82mznP4w@db.corp:5432/x") == 1)
        #expect(try count("ftp://user:password@host/") + count("http://%s:%s@%s/") + count("abc://app:hq82mznP4w@db/") == 0)
    }

    @Test(
        "What looks like it is no finding",
        arguments: [
            ("/srv/i18n/de.json", "{\"password\": \"Passwort\", \"password_confirmation\": \"Contrase\u{F1}a 2\"}\n"),
            ("/srv/de.json", "{\"password\": \"Passwort\"}\n"), ("/srv/main.tf", "password = random_password.db.result\n"),
            ("/root/.docker/config.json", "{\"credsStore\":\"pass\",\"credHelpers\":{\"a\":\"ecr-login\"}}\n"),
            ("/srv/stripe.json", "{\"publishableKey\": \"pk_live_cX3SaIXK5opcMFQvnm1hbSWt\"}\n"),
            (
                "/srv/app.min.js",
                "var a=\"\(String(repeating: "x1", count: 150))'\",token0=e.t[0],key=0;n.password=r.pass;var token1=e.t[1]\n"
            ), ("/srv/a.env", "DB_PASSWORD=<password>\nAPI_TOKEN=<password>\n"),
            ("/srv/a.yml", "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: {name: x1y2z3w4, key: y}\n"),
            ("/srv/a.yml", "password_encryption: scram-sha-256\nform: user-password-input-field2\n"),
            ("/home/a/notes.txt", "The password is stored in the vault.\n"),
            ("/var/lib/dpkg/info/sudo.prerm", "# yup, password is locked\n"),
            ("/srv/a.conf", "listen_password_file = {inner_template_name}\n"),
        ])
    func lookAlikes(path: String, text: String) throws {
        #expect(try Self.lines(text, path).isEmpty, "\(path): \(text)")
    }

    @Test("The digests of a database of aide are no finding, whatever they look like; what else it says is searched")
    func digests() throws {
        var random = SeededRandom(5)
        var text = "@begin_db\n"
        for file in 0..<6000 {
            let fields = [15, 16, 20, 32, 64].map { Data(random.bytes($0)).base64EncodedString() }
            text += "/usr/share/f\(file) 2 0 420 0 MTc2MzU= \(fields.joined(separator: " ")) 0\n"
        }
        #expect(try Self.lines("@" + text, "/var/lib/aide/aide.db").isEmpty)
        // Elsewhere some of these are taken for credentials.
        #expect(try !Self.lines(text, "/var/lib/other").isEmpty)
        #expect(
            try Self.lines("@\(text)/srv/sftp:ann:hq82mznP4w@host password=hq82mznP4w 0\n", "/var/lib/aide/aide.db").count == 1)
    }
}
