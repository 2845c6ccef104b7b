import Cloud
import CommandLineKit
import FoundationEssentials
import Glibc
import Model
import Orchestration
import Platform

/// What the commands on parameters share.
enum ParameterCommandParts {
    static let name = Argument<String>(
        "name", "Letters, digits and .-_, or a path of such words: /web/port", values: .dynamic("parameter"))
    static let withDecryption = Flag("with-decryption", "Show the values of secure parameters, which are secrets")

    /// The store of the region that is meant, for looking only.
    static func store(_ context: CommandContext) throws(Failure) -> any ParameterStore {
        try context.reader().plane.region(try context.meantRegion()).parameters
    }

    /// The value as it may be shown: of a secure parameter the encrypted bytes in base64, as SSM answers, unless it is to be decrypted.
    static func shown(_ record: ParameterRecord, decrypt: Bool, in store: any ParameterStore) throws(Failure) -> String {
        if case .sealed(let bytes) = record.stored, !decrypt { return Data(bytes).base64EncodedString() }
        return try store.value(of: record)
    }
}

/// Where the value of a parameter comes from: in this order the argument, `--from-file`, `--from-env`, the standard input.
struct ParameterValueSource {
    let argument: String?
    let file: String?
    let variable: String?
    let variables: [String: String]

    /// More than any parameter may hold.
    private static let limit = 64 << 10

    func read() throws(Failure) -> String {
        if let argument { return argument }
        if let variable {
            guard let value = variables[variable] else { throw Failure(.notFound, "the variable \(variable) is not set") }
            return value
        }
        let bytes: [UInt8]
        do throws(SystemError) {
            if let file { bytes = try Files.read(file, limit: Self.limit) } else { bytes = try input() }
        } catch {
            throw Failure(error.isNotFound ? .notFound : .io, "the value of the parameter cannot be read", cause: error)
        }
        guard bytes.count <= Self.limit, let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.invalid, "the value of the parameter is not UTF-8 text, or is longer than any parameter")
        }
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private func input() throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= Self.limit {
            let got = try retrying("read", "the standard input") { unsafe Glibc.read(STDIN_FILENO, &buffer, buffer.count) }
            if got == 0 { break }
            bytes += buffer.prefix(got)
        }
        return bytes
    }

    /// Whether a person would have to type the value, in the clear.
    var isTyped: Bool { argument == nil && file == nil && variable == nil && isatty(STDIN_FILENO) == 1 }
}

/// One version of a parameter as the commands show it, with the keys of SSM's answers.
struct ParameterJSON: Encodable {
    let arn: String
    let dataType = "text"
    let description: String?
    let lastModifiedDate: String
    let lastModifiedUser: String?
    let name: String
    let tier: String?
    let type: String
    let value: String?
    let version: Int

    enum CodingKeys: String, CodingKey {
        case arn = "ARN"
        case dataType = "DataType"
        case description = "Description"
        case lastModifiedDate = "LastModifiedDate"
        case lastModifiedUser = "LastModifiedUser"
        case name = "Name"
        case tier = "Tier"
        case type = "Type"
        case value = "Value"
        case version = "Version"
    }

    /// As GetParameter answers.
    init(_ record: ParameterRecord, value: String) {
        self.init(record, value, isWhole: false)
    }

    /// As DescribeParameters and GetParameterHistory answer, the latter with values.
    init(described record: ParameterRecord, value: String? = nil) {
        self.init(record, value, isWhole: true)
    }

    private init(_ record: ParameterRecord, _ value: String?, isWhole: Bool) {
        arn = record.arn
        description = isWhole && !record.description.isEmpty ? record.description : nil
        lastModifiedDate = record.modified.description
        lastModifiedUser = isWhole ? record.user : nil
        name = record.name.description
        tier = isWhole ? record.tier.rawValue : nil
        type = record.type.rawValue
        self.value = value
        version = record.version
    }
}

/// A list of parameters in JSON.
struct ParameterListJSON: Encodable {
    let parameters: [ParameterJSON]

    enum CodingKeys: String, CodingKey { case parameters = "Parameters" }
}
