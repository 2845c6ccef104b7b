import Crypto
import Guest
import ImageStore
import Model
import Platform
import TestSupport
import Testing

@Suite struct CertificateTests {
    private static let hasOpenSSL = Shell.has("openssl")
    private static let missing: Comment = "needs openssl: apt-get install openssl"

    @Test(
        "a certificate is read as openssl tells it, in PEM and in DER", .enabled(if: hasOpenSSL, missing),
        arguments: ["rsa:2048", "ec -pkeyopt ec_paramgen_curve:P-256", "ed25519"])
    func oracle(_ key: String) throws {
        try withTemporaryFolder { folder in
            let output = try Shell.run(
                """
                openssl req -x509 -newkey \(key) -nodes -keyout k -out c.pem -days 90 -subj '/C=DE/O=Ex, Ample+Sons/CN=web.example.org' 2>/dev/null
                openssl x509 -in c.pem -outform DER -out c.der
                openssl x509 -in c.pem -noout -serial -fingerprint -sha256 | sed 's/.*=//; s/://g'
                date -d "$(openssl x509 -in c.pem -noout -enddate | sed 's/.*=//')" +%s
                openssl x509 -in c.pem -noout -subject -nameopt utf8,esc_2253,esc_ctrl,sep_comma_plus_space,space_eq,sname | sed 's/subject=//'
                """, in: folder
            ).split(separator: "\n").map(String.init)
            let der = try #require(Certificate(der: try Files.read("\(folder)/c.der")))
            let pem = CertificateFile.certificates(in: Array("noise\n".utf8) + (try Files.read("\(folder)/c.pem")))
            #expect(pem == [der])
            #expect(try CertificateFile.certificates(in: Files.read("\(folder)/c.der")) == [der])
            #expect(der.serial == output[0] && der.fingerprint.hex.uppercased() == output[1])
            #expect(String(der.notAfter) == output[2] && der.notAfter - der.notBefore == 90 * 86400)
            #expect(der.subject == output[3] && der.isSelfIssued && der.isAuthority)
            #expect(["RSA", "EC", "ED25519"].contains(der.keyType) && der.keyBits >= 253)
        }
    }

    @Test("damaged certificates are none, wherever they are damaged", .enabled(if: hasOpenSSL, missing))
    func damaged() throws {
        try withTemporaryFolder { folder in
            try Shell.run(
                "openssl req -x509 -newkey ed25519 -nodes -keyout k -outform DER -out c -days 1 -subj /CN=a 2>/dev/null; openssl x509 -in c -inform DER -out p",
                in: folder)
            let bytes = try Files.read("\(folder)/c")
            for count in 0..<bytes.count { #expect(Certificate(der: Array(bytes.prefix(count))) == nil) }
            #expect(Certificate(der: bytes + [0]) == nil)
            var random = SeededRandom(7)
            for _ in 0..<2000 {
                var mutated = bytes
                mutated[random.below(bytes.count)] ^= UInt8(1 << random.below(8))
                if let certificate = Certificate(der: mutated) { #expect(certificate.fingerprint == SHA256.digest(of: mutated)) }
            }
            let pem = try Files.read("\(folder)/p")
            for count in 0..<pem.count { #expect(CertificateFile.certificates(in: Array(pem.prefix(count))).count <= 1) }
        }
    }
}
