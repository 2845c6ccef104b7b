import Platform

extension Failure {
    /// What a problem with a file of secrets means to a user. `subject` is what the file holds, `remedy` what to do where others may have
    /// read it.
    package init(_ problem: SecretFile.Problem, of subject: String, at path: String, remedy: String) {
        switch problem {
        case .system(let error): self.init(.io, "\(subject) cannot be read", cause: error)
        case .exposed: self.init(.denied, "other users may read \(subject)", hint: remedy)
        case .foreign(let owner):
            self.init(
                .denied, "\(subject) belongs to another user, of the id \(owner)",
                hint: "see who put \(path) there; what is yours belongs to you or to root")
        case .large(let bytes): self.init(.corrupt, "\(subject) is \(bytes) bytes large", hint: "restore \(path) from a copy")
        }
    }
}
