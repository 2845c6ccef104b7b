import Cloud
import Model
import Platform

/// Reads secrets from where references say that they are. A value is never written anywhere, and no error holds one.
package struct SecretVault: Sendable {
    /// Shorter ones would be found by chance in any image.
    package static let minimumLength = 6
    private static let maximumLength = 64 << 10

    /// Reads a variable of the environment.
    private let variable: @Sendable (String) -> String?
    /// Reads a parameter of the region.
    private let parameter: @Sendable (String) throws(Failure) -> String

    package init(
        variable: @escaping @Sendable (String) -> String?,
        parameter: @escaping @Sendable (String) throws(Failure) -> String
    ) {
        self.variable = variable
        self.parameter = parameter
    }

    package func value(of secret: SecretReference) throws(Failure) -> String {
        let value: String
        switch secret {
        case .environment(let name):
            guard let found = variable(name), !found.isEmpty else {
                throw Failure(
                    .notFound, "the secret \(secret) cannot be read: the variable \(name) is not set",
                    hint: "export \(name) in the environment of this command")
            }
            value = found
        case .file(let path): value = try read(path, of: secret)
        case .parameter(let name): value = try parameter(name)
        }
        guard value.utf8.count >= Self.minimumLength else {
            throw Failure(
                .invalid, "the secret \(secret) is shorter than \(Self.minimumLength) bytes",
                hint: "an image cannot be searched for so short a secret; use a longer one")
        }
        return value
    }

    private func read(_ path: String, of secret: SecretReference) throws(Failure) -> String {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(path, limit: Self.maximumLength) } catch {
            throw Failure(error.isNotFound ? .notFound : .io, "the secret \(secret) cannot be read", cause: error)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Failure(.invalid, "the secret \(secret) is not text in UTF-8")
        }
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}
