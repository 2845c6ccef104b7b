/// A second corpus, written from memory of public formats after the rules, and measured before anything was changed for it: other names,
/// other quotes, other kinds of files, line ends of Windows, minified and nested text.
enum AdversarialCorpus {
    static func files(seed: UInt64, rounds: Int) -> [CorpusFile] {
        var values = CorpusValues(seed)
        return (0..<rounds).flatMap { _ in names(&values) + syntaxes(&values) + systems(&values) + tokens(&values) }
    }

    private static func names(_ v: inout CorpusValues) -> [CorpusFile] {
        [
            CorpusFile(
                "/etc/app/a.conf",
                marked:
                    "DbUserPwd = «\(v.password())»\r\nadmin.pass: «\(v.password())»\r\nsmtp_passwd = \"«\(v.password())»\"\r\n"),
            CorpusFile(
                "/etc/app/b.ini",
                marked: "[ db ]\nMASTER_PASSWORD   =   «\(v.password())»\n; comment\nencryption-key = «\(v.hex(64))»\n"),
            CorpusFile(
                "/srv/a/env.sh",
                marked:
                    "export MYSQL_ROOT_PASSWORD='«\(v.password())»'\nexport GRAFANA_ADMIN_PASS=\"«\(v.password())»\"; run\nset -a; SESSION_SECRET=«\(v.alphanumeric(24))» ; set +a\n"
            ),
            CorpusFile(
                "/srv/a/docker-compose.yml",
                marked:
                    "services:\n  db:\n    environment:\n      - POSTGRES_PASSWORD=«\(v.password())»\n      MYSQL_PASSWORD: \"«\(v.password())»\"\n"
            ),
            CorpusFile(
                "/srv/a/Dockerfile", marked: "FROM debian\nENV API_SECRET=«\(v.alphanumeric(32))»\nARG NPM_TOKEN=«\(v.uuid())»\n"),
            CorpusFile("/srv/a/Jenkinsfile", marked: "environment {\n  DB_PASS = '«\(v.password())»'\n}\n"),
            CorpusFile("/srv/a/.travis.yml", marked: "env:\n  global:\n    - DEPLOY_TOKEN=«\(v.alphanumeric(40))»\n"),
            CorpusFile(
                "/srv/a/inventory.ini",
                marked: "web1 ansible_host=10.0.0.1 ansible_user=root ansible_password=«\(v.password())» ansible_become_pass=x\n"),
            CorpusFile(
                "/srv/a/group_vars/all.yml",
                marked: "vault_db_password: «\(v.password())»\nadmin_password: &pw «\(v.password())»\nother: *pw\n"),
            CorpusFile(
                "/srv/a/values.yaml",
                marked:
                    "auth:\n  rootPassword: «\(v.password())»\n  replicationPassword: '«\(v.password())»'\n  clientSecret: >-\n    «\(v.alphanumeric(32))»\n"
            ),
        ]
    }

    private static func syntaxes(_ v: inout CorpusValues) -> [CorpusFile] {
        [
            CorpusFile(
                "/srv/b/min.json",
                marked:
                    "{\"a\":1,\"db\":{\"user\":\"app\",\"password\":\"«\(v.password())»\",\"port\":5432},\"jwtSecret\":\"\(v.alphanumeric(32))\"}\n"
            ),
            CorpusFile(
                "/srv/b/a.toml",
                marked: "[auth]\nclient_secret = '''«\(v.alphanumeric(40))»'''\nbot_token = \"«\(v.alphanumeric(36))»\"\n"),
            CorpusFile(
                "/srv/b/web.config",
                marked:
                    "<connectionStrings>\n<add name=\"Main\" connectionString=\"Data Source=db;Initial Catalog=x;User ID=app;Pwd=«\(v.password())»;\" />\n</connectionStrings>\n<appSettings>\n<add key=\"StripeSecretKey\" value=\"«\(v.alphanumeric(32))»\"/>\n</appSettings>\n"
            ),
            CorpusFile(
                "/srv/b/context.xml",
                marked: "<Resource name=\"jdbc/db\" username=\"app\" password=\"«\(v.password())»\" driverClassName=\"org.x\"/>\n"
            ),
            CorpusFile(
                "/srv/b/tomcat-users.xml",
                marked:
                    "<tomcat-users>\n<user username=\"admin\" password=\"«\(v.password())»\" roles=\"manager-gui\"/>\n</tomcat-users>\n"
            ),
            CorpusFile(
                "/srv/b/standalone.xml",
                marked: "<security>\n<user-name>sa</user-name>\n<password>«\(v.password())»</password>\n</security>\n"),
            CorpusFile(
                "/srv/b/persistence.xml",
                marked: "<property name=\"javax.persistence.jdbc.password\" value=\"«\(v.password())»\"/>\n"),
            CorpusFile(
                "/srv/b/hibernate.cfg.xml",
                marked: "<property name=\"hibernate.connection.password\">«\(v.password())»</property>\n"),
            CorpusFile(
                "/srv/b/a.rb",
                marked:
                    "config.secret_key_base = \"«\(v.hex(64))»\"\nStripe.api_key = '«\(v.alphanumeric(32))»'\n:password => \"«\(v.password())9z»\",\n"
            ),
            CorpusFile(
                "/srv/b/a.go",
                marked:
                    "const dbPassword = \"«\(v.password())9z»\"\nvar apiToken string = \"«\(v.alphanumeric(40))»\"\ncfg := Config{Secret: \"«\(v.alphanumeric(32))»\"}\n"
            ),
            CorpusFile(
                "/srv/b/A.java",
                marked:
                    "private static final String API_KEY = \"«\(v.alphanumeric(32))»\";\nds.setPassword(\"«\(v.password())9z»\");\n"
            ),
            CorpusFile("/srv/b/a.cs", marked: "var client = new Client { ClientSecret = \"«\(v.alphanumeric(32))»\" };\n"),
            CorpusFile("/srv/b/a.ts", marked: "const config: Config = { authToken: '«\(v.alphanumeric(36))»', retries: 3 };\n"),
            CorpusFile(
                "/srv/b/a.pl", marked: "my $password = \"«\(v.password())9z»\";\n$dbh = DBI->connect($dsn, 'app', $password);\n"),
            CorpusFile("/srv/b/a.ps1", marked: "$pw = ConvertTo-SecureString \"«\(v.password())9z»\" -AsPlainText -Force\n"),
            CorpusFile(
                "/srv/b/notebook.ipynb",
                marked: "{\"cells\": [{\"source\": [\n\"api_key = \\\"«\(v.alphanumeric(32))»\\\"\\n\"\n]}]}\n"),
            CorpusFile("/srv/b/query.txt", marked: "GET /v1/data?user=x&api_key=«\(v.alphanumeric(32))»&page=1\n"),
            CorpusFile(
                "/srv/b/curl.txt",
                marked:
                    "curl -H 'X-Api-Key: «\(v.alphanumeric(32))»' https://api.corp/\ncurl -H \"Authorization: Bearer «\(v.alphanumeric(40))»\" https://api.corp/\n"
            ),
        ]
    }

    private static func systems(_ v: inout CorpusValues) -> [CorpusFile] {
        let user = "root:\(v.password())"
        return [
            CorpusFile(
                "/etc/wireguard/wg0.conf", marked: "[Peer]\nPublicKey = \(v.base64(42))A=\nPresharedKey = «\(v.base64(42))A=»\n"),
            CorpusFile(
                "/etc/openvpn/ta.key",
                marked: "«-----BEGIN OpenVPN Static key V1-----»\n" + (0..<16).map { _ in v.hex(32) }.joined(separator: "\n")
                    + "\n-----END OpenVPN Static key V1-----\n"),
            CorpusFile("/etc/crontab", marked: "0 1 * * * root mysqldump -u root -p«\(v.password())» all | gzip > /b.gz\n"),
            CorpusFile("/etc/rc.local", marked: "#!/bin/sh\necho 'deploy:«\(v.password())»' | chpasswd\n"),
            CorpusFile("/etc/freeradius/clients.conf", marked: "client nas {\n  secret = «\(v.password())»\n}\n"),
            CorpusFile("/etc/hostapd/hostapd.conf", marked: "ssid=corp\nwpa_passphrase=«\(v.password())»\n"),
            CorpusFile("/etc/krb5kdc/stash.conf", marked: "ldap_service_password = «\(v.password())»\n"),
            CorpusFile("/etc/zabbix/zabbix_server.conf", marked: "DBName=zabbix\nDBPassword=«\(v.password())»\n"),
            CorpusFile(
                "/etc/grafana/grafana.ini", marked: "[security]\nadmin_user = admin\nadmin_password = «\(v.password())»\n"),
            CorpusFile(
                "/etc/gitlab/gitlab.rb",
                marked:
                    "gitlab_rails['smtp_password'] = \"«\(v.password())9z»\"\ngitlab_rails['initial_root_password'] = \"«\(v.password())9z»\"\n"
            ),
            CorpusFile("/etc/php/php.ini", marked: "mysqli.default_pw = «\(v.password())»\n"),
            CorpusFile(
                "/etc/supervisor/supervisord.conf", marked: "[inet_http_server]\nusername = admin\npassword = «\(v.password())»\n"
            ),
            CorpusFile(
                "/var/www/config/database.yml", marked: "production:\n  adapter: mysql2\n  password: \"«\(v.password())»\"\n"),
            CorpusFile(
                "/var/www/sites/default/settings.php",
                marked:
                    "$databases['default'] = array (\n  'password' => '«\(v.password())9z»',\n);\n$settings['hash_salt'] = '«\(v.alphanumeric(60))»';\n"
            ),
            CorpusFile(
                "/var/www/configuration.php",
                marked:
                    "class JConfig {\n\tpublic $password = '«\(v.password())9z»';\n\tpublic $secret = '«\(v.alphanumeric(16))»';\n}\n"
            ),
            CorpusFile("/root/.ssh/id_ed25519", marked: "«\(v.pem().replacing("\n", with: "»\n", maxReplacements: 1))\n"),
            CorpusFile(
                "/root/ks.cfg", marked: "rootpw --plaintext «\(v.password())»\nuser --name=app --password=«\(v.password())»\n"),
            CorpusFile(
                "/var/lib/cloud/seed/nocloud/user-data",
                marked:
                    "#cloud-config\nssh_pwauth: true\npassword: «\(v.password())»\nusers:\n  - name: app\n    plain_text_passwd: '«\(v.password())»'\n"
            ),
            CorpusFile(
                "/srv/dump.sql",
                marked:
                    "ALTER USER app WITH PASSWORD '«\(v.password())»';\nGRANT ALL ON x.* TO 'a'@'%' IDENTIFIED BY '«\(v.password())»';\n"
            ),
            CorpusFile(
                "/srv/enc.txt",
                marked: "blob: «\(CorpusValues.encode(Array("export DB_PASSWORD=\(v.password())77 # kept".utf8)))»\n"),
            CorpusFile("/srv/url.txt", marked: "redirect=«https%3A%2F%2Fci%3A\(v.alphanumeric(16))%40git.corp%2Fx»\n"),
            CorpusFile(
                "/srv/amqp.yml",
                marked:
                    "broker: amqp://worker:«\(v.password())»@mq:5672/v\ncache: redis://:«\(v.password())»@cache:6379/0\nmongo: mongodb+srv://app:«\(v.password())»@c.mongodb.net/x\n"
            ),
            CorpusFile(
                "/srv/basic.conf",
                marked: "proxy_set_header Authorization \"Basic «\(CorpusValues.encode(Array(user.utf8)))»\";\n"),
        ]
    }

    private static func tokens(_ v: inout CorpusValues) -> [CorpusFile] {
        [
            CorpusFile("/srv/c/a.txt", marked: "«\(v.checked("gho_"))»\nnpm: «\(v.checked("npm_"))»\n"),
            CorpusFile(
                "/srv/c/b.txt",
                marked:
                    "AIza key=«AIza\(v.alphanumeric(35))»\n«glpat-\(v.alphanumeric(20))»\nSG: «SG.\(v.alphanumeric(22)).\(v.alphanumeric(43))»\n"
            ),
            CorpusFile(
                "/srv/c/c.py",
                marked:
                    "TWILIO_AUTH_TOKEN = \"«\(v.hex(32))»\"\nDATADOG_API_KEY = '«\(v.hex(32))»'\nheroku_api_key = \"«\(v.uuid())»\"\n"
            ),
            CorpusFile(
                "/srv/c/d.log",
                marked:
                    "sent to https://hooks.slack.com/services/«T\(v.text("ABCDEFGH123", 9))/B\(v.text("ABCDEFGH123", 9))/\(v.alphanumeric(24))»\n"
            ),
            CorpusFile(
                "/srv/c/e.env",
                marked:
                    "OPENAI_API_KEY=«sk-proj-\(v.alphanumeric(60))T3BlbkFJ\(v.alphanumeric(60))»\nANTHROPIC=«sk-ant-api03-\(v.alphanumeric(93))AA»\nHF=«hf_\(v.alphanumeric(34))»\n"
            ),
            CorpusFile(
                "/srv/c/f.yaml",
                marked:
                    "conn: DefaultEndpointsProtocol=https;AccountName=x;AccountKey=«\(v.base64(86))==»;EndpointSuffix=core.windows.net\nvault: «hvs.\(v.alphanumeric(90))»\n"
            ),
        ]
    }
}

/// Look-alikes of the second corpus.
enum AdversarialLookAlikes {
    static func files(seed: UInt64, rounds: Int) -> [CorpusFile] {
        var v = CorpusValues(seed)
        return (0..<rounds).flatMap { _ in
            [
                CorpusFile(
                    "/srv/x/vars.tf",
                    marked:
                        "variable \"db_password\" {\n  type = string\n  sensitive = true\n}\noutput \"token\" { value = module.x.token }\n"
                ),
                CorpusFile(
                    "/srv/x/chart.yaml",
                    marked:
                        "existingSecret: app-credentials\nsecretKeyRef:\n  name: app\n  key: password\npasswordSecret: db-secret\ntokenSecretName: gh-token\nserviceAccountToken: true\n"
                ),
                CorpusFile(
                    "/srv/x/a.py",
                    marked:
                        "parser.add_argument('--password', help='the password')\nlogger.info('token expired')\npassword = getpass.getpass()\nraise ValueError(\"password too short\")\nTOKEN_RE = re.compile(r'[a-z0-9]{32}')\nself.password = password\nkwargs['token'] = token\npassword: str = None\n"
                ),
                CorpusFile(
                    "/srv/x/a.js",
                    marked:
                        "const token = req.headers['authorization'];\npassword: yup.string().required('Password is required'),\nlocalStorage.setItem('token', token);\nthis.secret = secret || '';\nkeyName: 'primaryKey',\nconst SECRET_NAME = 'my-secret-name';\n"
                ),
                CorpusFile(
                    "/srv/x/a.c",
                    marked:
                        "char *password = NULL;\nstatic const char token[] = \"token\";\nif (!strcmp(key, \"password\")) continue;\nstruct auth { char *secret; };\n"
                ),
                CorpusFile(
                    "/srv/x/a.go",
                    marked:
                        "Password string `json:\"password\"`\ntoken, err := c.Token(ctx)\nflag.StringVar(&password, \"password\", \"\", \"password of the user\")\n"
                ),
                CorpusFile(
                    "/srv/x/a.php",
                    marked:
                        "$password = $_POST['password'];\n$token = bin2hex(random_bytes(32));\n'password' => ['required', 'string', 'min:8'],\n'secret' => env('APP_SECRET'),\ndefine('AUTH_KEY', 'put your unique phrase here');\n"
                ),
                CorpusFile(
                    "/srv/x/a.rb",
                    marked: "password = ENV['DB_PASSWORD']\nhas_secure_password\nvalidates :password, length: { minimum: 8 }\n"),
                CorpusFile(
                    "/srv/x/logs.txt",
                    marked:
                        "Accepted publickey for root: ED25519 SHA256:\(v.base64(43))\nuser password changed for alice\ntoken=*** password=****\nsession \(v.uuid()) opened\n"
                ),
                CorpusFile(
                    "/srv/x/openapi.yaml",
                    marked:
                        "securitySchemes:\n  apiKey:\n    type: apiKey\n    name: X-API-Key\n    in: header\n  password:\n    tokenUrl: https://example.com/token\n    description: The password grant\n"
                ),
                CorpusFile(
                    "/srv/x/docker-compose.yml",
                    marked:
                        "environment:\n  POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}\n  POSTGRES_PASSWORD_FILE: /run/secrets/db\n  TOKEN: ${TOKEN:-}\nsecrets:\n  - db_password\n"
                ),
                CorpusFile(
                    "/srv/x/github.yml",
                    marked:
                        "env:\n  GITHUB_TOKEN: ${{ secrets.GITHUB_TOKEN }}\n  NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n  PASSWORD: ${{ inputs.password }}\n"
                ),
                CorpusFile(
                    "/srv/x/sample.conf",
                    marked:
                        "#password = secret\n# api_key = YOUR_API_KEY\n;token=\npassword = <secret>\nsecret = REPLACE_ME\npass = ********\napi_token = \"insert token here\"\n"
                ),
                CorpusFile(
                    "/srv/x/sum.txt",
                    marked:
                        "MD5 (key.pem) = \(v.hex(32))\nSHA256 (secret.tar) = \(v.hex(64))\nkey fingerprint = \(v.hex(4)) \(v.hex(4)) \(v.hex(4))\n"
                ),
                CorpusFile(
                    "/srv/x/css.css",
                    marked: ".password { color: red }\n.token.comment { color: #998877aa }\n--key-color: #a1b2c3;\n"),
                CorpusFile(
                    "/srv/x/Info.plist",
                    marked:
                        "<key>CFBundleIdentifier</key>\n<string>com.example.app</string>\n<key>NSPasswordAutofill</key>\n<true/>\n"
                ),
                CorpusFile(
                    "/srv/x/crt.txt",
                    marked:
                        "Subject Key Identifier: \(v.hex(40))\nSerial Number: \(v.hex(32))\nAuthority Key Identifier: keyid:\(v.hex(40))\n"
                ),
            ]
        }
    }
}
