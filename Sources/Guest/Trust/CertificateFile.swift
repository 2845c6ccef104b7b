import Crypto
import FoundationEssentials
import ImageStore
import Model

/// The certificates of a file: one in DER, or any number in PEM (RFC 7468).
package enum CertificateFile {
    /// Files larger than this are not looked into; the bundle of Mozilla's authorities has a quarter of a megabyte.
    package static let maximumSize = 8 << 20
    package static let maximumCertificates = 4096

    package static func certificates(in bytes: [UInt8]) -> [Certificate] {
        if bytes.first == 0x30 { return Certificate(der: bytes).map { [$0] } ?? [] }
        var certificates: [Certificate] = []
        var body: [UInt8]?
        for line in bytes.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            if isBoundary(line, "-----BEGIN ") {
                body = []
            } else if isBoundary(line, "-----END ") {
                if let base64 = body, let der = Data(base64Encoded: Data(base64)), let found = Certificate(der: Array(der)) {
                    certificates.append(found)
                    if certificates.count == maximumCertificates { break }
                }
                body = nil
            } else if body != nil, (body?.count ?? 0) <= Certificate.maximumSize * 2 {
                body?.append(contentsOf: line.filter { $0 != 0x20 && $0 != 0x09 })
            }
        }
        return certificates
    }

    /// `-----BEGIN CERTIFICATE-----`, also of the kinds X509 and TRUSTED.
    private static func isBoundary(_ line: ArraySlice<UInt8>, _ start: String) -> Bool {
        guard line.starts(with: start.utf8) else { return false }
        let label = String(decoding: line.dropFirst(start.utf8.count), as: UTF8.self)
        return ["CERTIFICATE-----", "X509 CERTIFICATE-----"].contains { trimmed(label) == $0 }
    }
}
