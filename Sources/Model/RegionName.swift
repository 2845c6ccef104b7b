import Text

/// The code of a region, such as `ap-northeast-2`.
package struct RegionName: TextValue, Comparable {
    package let description: String

    /// Takes any code of the right form: letters, one or more words, a number. Whether such a region exists is not asked.
    package init(parsing text: String) throws(Failure) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isWord = { (part: Substring) in !part.isEmpty && part.utf8.allSatisfy { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 }
        }
        guard parts.count >= 3, text.utf8.count <= 32, parts[0].count == 2, parts.dropLast().allSatisfy(isWord),
            parts.last?.count == 1, parts.last.flatMap({ decimal($0) }) != nil
        else {
            throw Failure(.invalid, "\"\(text)\" is not a region code", hint: "write it like us-east-1")
        }
        description = text
    }

    /// Takes the code of a region that exists; of another, `Failure(.notFound)`.
    package init(existing text: String) throws(Failure) {
        guard Self.commercial.contains(text) else {
            throw Failure(
                .notFound, "there is no region \"\(text)\"",
                hint: Suggestion.hint(for: text, among: Self.commercial)
                    ?? "regions are \(Self.commercial.joined(separator: ", "))")
        }
        description = text
    }

    /// N. Virginia, for which clients sign what AWS has once for all regions: IAM.
    package static let global = RegionName(trusted: "us-east-1")

    private init(trusted text: String) { description = text }

    /// The regions of the commercial partition, by code.
    package static let commercial = [
        "af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-south-2",
        "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6",
        "ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2",
        "eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "mx-central-1", "sa-east-1",
        "us-east-1", "us-east-2", "us-west-1", "us-west-2",
    ]

    package static func < (a: RegionName, b: RegionName) -> Bool { a.description < b.description }
}
