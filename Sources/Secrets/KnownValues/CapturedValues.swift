import Model

extension SecretScanner {
    /// The credentials in some bytes themselves, so that one can look whether they are elsewhere too. They are for memory only.
    package func credentials(in bytes: [UInt8], path: String) throws(Failure) -> [KnownValue] {
        var run = try engine.begin()
        let content = Content(bytes, name: FileName(path))
        var candidates = try run.candidates(in: content)
        for parser in FileParsers.reading(content.name, bytes.prefix(Container.probe)) {
            parser.find(in: content, &candidates)
        }
        return Candidate.strongest(candidates).map { candidate in
            KnownValue(name: "\(candidate.rule.id) of \(path)", bytes: candidate.value ?? Array(bytes[candidate.range]))
        }
    }
}
