/// The corpus: secrets as machine images hold them, in some fifty kinds of files.
enum PlantedCorpus {
    static func files(seed: UInt64, rounds: Int) -> [CorpusFile] {
        var values = CorpusValues(seed)
        return (0..<rounds).flatMap { round in
            accounts(&values, round) + clients(&values, round) + servers(&values, round) + cloud(&values, round)
                + code(&values, round)
        }
    }

    private static func accounts(_ v: inout CorpusValues, _ n: Int) -> [CorpusFile] {
        [
            CorpusFile(
                "/etc/shadow",
                marked:
                    "root:*:19000:0:99999:7:::\nbin:!:19000::::::\nalice:«$6$\(v.crypt(8))$\(v.crypt(86))»:19000:0:99999:7:::\n"),
            CorpusFile("/etc/shadow-", marked: "bob:!«$y$j9T$\(v.crypt(22))$\(v.crypt(43))»:19000:0:99999:7:::\n"),
            CorpusFile("/etc/gshadow", marked: "wheel:«$1$\(v.crypt(8))$\(v.crypt(22))»::\n"),
            CorpusFile("/etc/nginx/.htpasswd", marked: "admin:«$apr1$\(v.crypt(8))$\(v.crypt(22))»\n"),
            CorpusFile("/etc/apache2/users.htpasswd", marked: "eve:«{SHA}\(v.base64(27))=»\n"),
            CorpusFile("/var/backups/users-\(n).sql", marked: "INSERT INTO users VALUES (1,'bob','«$2y$10$\(v.crypt(53))»');\n"),
            CorpusFile("/root/.netrc", marked: "machine git.corp login ci password «\(v.password())»\n"),
            CorpusFile("/root/.pgpass", marked: "# comment\nlocalhost:5432:*:app:«\(v.password())»\n"),
            CorpusFile("/root/.my.cnf", marked: "[client]\nuser=root\npassword=«\(v.password())»\n"),
            CorpusFile("/root/.git-credentials", marked: "https://ci:«\(v.password())»@git.corp.net\n"),
            CorpusFile(
                "/srv/app/.git/config",
                marked: "[remote \"origin\"]\n\turl = https://deploy:«\(v.alphanumeric(20))»@git.corp.net/app.git\n"),
            CorpusFile(
                "/root/.bash_history",
                marked:
                    "ls -la\nmysql -uroot -p«\(v.password())» shop\ncurl -u admin:«\(v.password())» https://x.corp/\nsshpass -p '«\(v.password())»' ssh root@10.0.0.2\nexport API_TOKEN=«\(v.alphanumeric(32))»\n"
            ),
            CorpusFile(
                "/home/a/.zsh_history",
                marked:
                    ": 1690000000:0;PGPASSWORD=«\(v.password())» psql -h db\n: 1690000001:0;docker login -u ci -p «\(v.password())» reg.corp\n"
            ),
            CorpusFile("/root/.mysql_history", marked: "select 1;\nCREATE USER 'app'@'%' IDENTIFIED BY '«\(v.password())»';\n"),
        ]
    }

    private static func clients(_ v: inout CorpusValues, _ n: Int) -> [CorpusFile] {
        let basic = CorpusValues.encode(Array("ci:\(v.password())".utf8))
        return [
            CorpusFile(
                "/root/.docker/config.json",
                marked: "{\n  \"auths\": {\n    \"reg.corp\": {\n      \"auth\": \"«\(basic)»\"\n    }\n  }\n}\n"),
            CorpusFile(
                "/root/.kube/config",
                marked:
                    "users:\n- name: admin\n  user:\n    token: «\(v.alphanumeric(40))»\n- name: b\n  user:\n    password: «\(v.password())»\n"
            ),
            CorpusFile("/root/.npmrc", marked: "registry=https://npm.corp/\n//npm.corp/:_authToken=«\(v.uuid())»\n"),
            CorpusFile("/root/.pypirc", marked: "[pypi]\nusername = ci\npassword = «\(v.password())»\n"),
            CorpusFile("/etc/pip.conf", marked: "[global]\nindex-url = https://ci:«\(v.password())»@pypi.corp/simple\n"),
            CorpusFile("/root/.cargo/credentials.toml", marked: "[registry]\ntoken = \"«\(v.alphanumeric(35))»\"\n"),
            CorpusFile(
                "/root/.m2/settings.xml",
                marked:
                    "<settings><servers><server>\n<id>nexus</id>\n<password>«\(v.password())»</password>\n</server></servers></settings>\n"
            ),
            CorpusFile("/root/.gradle/gradle.properties", marked: "org.gradle.daemon=true\nnexusPassword=«\(v.password())»\n"),
            CorpusFile(
                "/root/.nuget/NuGet/NuGet.Config",
                marked:
                    "<packageSourceCredentials><corp>\n<add key=\"ClearTextPassword\" value=\"«\(v.password())»\" />\n</corp></packageSourceCredentials>\n"
            ),
            CorpusFile(
                "/root/.config/composer/auth.json",
                marked: "{\"http-basic\": {\"repo.corp\": {\"username\": \"ci\",\n\"password\": \"«\(v.password())»\"}}}\n"),
            CorpusFile("/root/.gem/credentials", marked: "---\n:rubygems_api_key: «\(v.hex(40))»\n"),
            CorpusFile(
                "/root/.aws/credentials",
                marked:
                    "[default]\naws_access_key_id = «AKIA\(v.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16))»\naws_secret_access_key = «\(v.base64(38))4q»\n"
            ),
            CorpusFile(
                "/root/.config/filezilla/sitemanager.xml",
                marked: "<Server>\n<Pass encoding=\"base64\">«\(basic)»</Pass>\n</Server>\n"),
            CorpusFile("/root/.msmtprc", marked: "account default\nuser ci\npassword «\(v.password())»\n"),
            CorpusFile(
                "/etc/fstab.d/share", marked: "//nas/share /mnt cifs username=ci,password=«\(v.password())»,vers=3.0 0 0\n"),
            CorpusFile("/root/.smbcredentials", marked: "username=ci\npassword=«\(v.password())»\n"),
        ]
    }

    private static func servers(_ v: inout CorpusValues, _ n: Int) -> [CorpusFile] {
        [
            CorpusFile("/etc/ppp/chap-secrets", marked: "# client server secret ip\noffice * «\(v.password())» *\n"),
            CorpusFile("/etc/ipsec.secrets", marked: "10.0.0.1 10.0.0.2 : PSK \"«\(v.password())»\"\n"),
            CorpusFile(
                "/etc/wpa_supplicant/wpa_supplicant.conf", marked: "network={\n  ssid=\"corp\"\n  psk=\"«\(v.password())»\"\n}\n"),
            CorpusFile(
                "/etc/NetworkManager/system-connections/a.nmconnection",
                marked: "[wifi-security]\nkey-mgmt=wpa-psk\npsk=«\(v.password())»\n"),
            CorpusFile("/etc/wireguard/wg0.conf", marked: "[Interface]\nPrivateKey = «\(v.base64(42))A=»\nListenPort = 51820\n"),
            CorpusFile(
                "/var/www/html/wp-config.php",
                marked: "<?php\ndefine( 'DB_NAME', 'wp' );\ndefine( 'DB_PASSWORD', '«\(v.password())»' );\n"),
            CorpusFile(
                "/var/cache/debconf/passwords.dat",
                marked: "Name: mysql-server/root_password\nTemplate: mysql-server/root_password\nValue: «\(v.password())»\n\n"),
            CorpusFile(
                "/etc/systemd/system/app.service",
                marked: "[Service]\nEnvironment=\"DB_PASSWORD=«\(v.password())»\"\nExecStart=/usr/bin/app\n"),
            CorpusFile("/etc/default/app", marked: "PORT=80\nSECRET_KEY=«\(v.alphanumeric(32))»\n"),
            CorpusFile(
                "/srv/app/.env",
                marked:
                    "DEBUG=0\nDB_PASSWORD=«\(v.password())»\nJWT_SECRET=«\(v.hex(48))»\nDATABASE_URL=postgres://app:«\(v.password())»@db/app\n"
            ),
            CorpusFile(
                "/etc/snmp/snmpd.conf",
                marked: "rocommunity «\(v.alphanumeric(10))» 10.0.0.0/8\ncreateUser mon SHA \"«\(v.password())»\" AES\n"),
            CorpusFile("/etc/ldap.conf", marked: "base dc=corp\nbindpw «\(v.password())»\n"),
            CorpusFile("/etc/redis/redis.conf", marked: "port 6379\nrequirepass «\(v.password())»\n"),
            CorpusFile("/etc/rabbitmq/rabbitmq.conf", marked: "default_user = ci\ndefault_pass = «\(v.password())»\n"),
            CorpusFile("/etc/postfix/sasl_passwd", marked: "[smtp.corp]:587 ci@corp:«\(v.password())»\n"),
            CorpusFile("/etc/bind/rndc.key", marked: "key \"rndc\" {\n  secret \"«\(v.base64(43))=»\";\n};\n"),
            CorpusFile("/etc/ssl/private/site.key", marked: "«\(v.pem().replacing("\n", with: "»\n", maxReplacements: 1))\n"),
            CorpusFile("/root/preseed.cfg", marked: "d-i passwd/root-password password «\(v.password())»\n"),
        ]
    }

    private static func cloud(_ v: inout CorpusValues, _ n: Int) -> [CorpusFile] {
        let keyJSON = v.pem(separator: "\\n")
        return [
            CorpusFile(
                "/var/lib/cloud/instance/user-data.txt",
                marked: "#cloud-config\nchpasswd:\n  list: |\n    root:«\(v.password())»\n    app:«\(v.password())»\n"),
            CorpusFile(
                "/srv/infra/terraform.tfstate",
                marked:
                    "{\"resources\": [{\"instances\": [{\"attributes\": {\n\"name\": \"db\",\n\"password\": \"«\(v.password())»\"\n}}]}]}\n"
            ),
            CorpusFile("/srv/infra/prod.tfvars", marked: "region = \"eu\"\ndb_password = \"«\(v.password())»\"\n"),
            CorpusFile(
                "/srv/k8s/secret.yaml",
                marked: "apiVersion: v1\nkind: Secret\ndata:\n  pw: «\(CorpusValues.encode(Array(v.password().utf8)))»\n"),
            CorpusFile("/root/sa.json", marked: "{\"type\": \"service_account\",\n\"private_key\": \"«\(keyJSON)»\\n\"}\n"),
            CorpusFile(
                "/etc/ci/tokens.yaml",
                marked:
                    "github: «\(v.checked("ghp_"))»\nslack: «xoxb-\(v.text("123456789", 12))-\(v.text("123456789", 12))-\(v.alphanumeric(24))»\nstripe: «sk_live_\(v.alphanumeric(24))»\n"
            ),
            CorpusFile(
                "/opt/app/application.properties", marked: "server.port=8080\nspring.datasource.password=«\(v.password())»\n"),
            CorpusFile(
                "/opt/app/application.yml", marked: "spring:\n  datasource:\n    username: app\n    password: «\(v.password())»\n"
            ),
            CorpusFile(
                "/opt/app/appsettings.json",
                marked:
                    "{\"ConnectionStrings\": {\n\"Db\": \"Server=db;User Id=sa;Password=«\(v.password())»;Encrypt=True\"\n}}\n"),
        ]
    }

    private static func code(_ v: inout CorpusValues, _ n: Int) -> [CorpusFile] {
        [
            CorpusFile(
                "/srv/app/settings.py",
                marked:
                    "import os\nDEBUG = False\nSECRET_KEY = '«\(v.alphanumeric(50))»'\nDB = {'PASSWORD': '«\(v.password())7k»'}\n"
            ),
            CorpusFile("/srv/app/config.js", marked: "module.exports = {\n  apiKey: \"«\(v.alphanumeric(32))»\",\n};\n"),
            CorpusFile(
                "/opt/backup.sh", marked: "#!/bin/sh\nPASS=«\(v.password())»\nmysqldump --password=«\(v.password())9» db\n"),
            CorpusFile("/srv/app/config.php", marked: "<?php\n$db_password = '«\(v.password())8x»';\n"),
        ]
    }
}
