/// What a signing key is good for: one day, one region, one service. `20150830/us-east-1/ec2/aws4_request`.
package struct CredentialScope: Sendable, Hashable, CustomStringConvertible {
    /// Eight digits.
    package var day: String
    package var region: String
    package var service: String

    static let end = "aws4_request"

    package init(day: String, region: String, service: String) {
        self.day = day
        self.region = region
        self.service = service
    }

    /// An access key's id and a scope, as a Credential has them: `AKIDEXAMPLE/20150830/us-east-1/ec2/aws4_request`. Nil where it is none.
    static func parse(_ credential: some StringProtocol) -> (keyID: String, scope: CredentialScope)? {
        let parts = credential.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[4] == end, parts[1].utf8.count == 8, parts[1].utf8.allSatisfy(isDigit),
            1...128 ~= parts[0].utf8.count, parts[0].utf8.allSatisfy(isWordCharacter), isName(parts[2]), isName(parts[3])
        else { return nil }
        return (String(parts[0]), CredentialScope(day: String(parts[1]), region: String(parts[2]), service: String(parts[3])))
    }

    private static func isName(_ text: some StringProtocol) -> Bool {
        1...64 ~= text.utf8.count && text.utf8.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    package var description: String { "\(day)/\(region)/\(service)/\(Self.end)" }
}

func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

func isLower(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }

/// Letters, digits and underscores: what ids of access keys are made of.
func isWordCharacter(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLower(byte) || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || byte == UInt8(ascii: "_")
}
