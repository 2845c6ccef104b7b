import Crypto
import HTTP
import ImageStore
import Model
import Text

/// Fetches a file from an http or https address.
package enum WebDownload: Action {
    package static let name = "WebDownload"
    package static let summary = "Downloads files over http and https"
    package static let inputs = InputForm.items([
        InputField("source", .text, required: true, "The address; redirects are followed"),
        InputField("destination", .text, required: true, "The path in the image; with a slash at its end, the folder for it"),
        InputField("overwrite", .boolean, "Whether a file that is there is replaced (true)"),
        InputField("checksum", .text, "What the file's digest must be, in hexadecimal"),
        InputField("algorithm", .choice(FileDigest.Algorithm.allCases.map(\.rawValue)), "Of the checksum"),
        InputField("ignoreCertificateErrors", .boolean, "Whether a server may be anybody (false)"),
    ])
    package static let inputRules = [InputRule.together(["checksum", "algorithm"])]
    package static let outputs = ["destination"]
    package static let needs: Set<ActionNeed> = [.temporaryFolder]

    package static func run(_ inputs: ActionInputs, _ context: ActionContext) throws(Failure) -> ActionResult {
        let source = try url(try inputs.text("source"))
        let target = try TransferTarget(try inputs.text("destination"))
        let checksum = try checksum(inputs)
        let path = try target.file(named: source.fileName, from: source.description)
        let overwrite = try inputs.boolean("overwrite", default: true)
        try context.editor.checkTarget(path, overwrite: overwrite, action: name)
        let result = ActionResult(["destination": path.description])
        if let checksum, try isThere(path, checksum, in: context.editor) {
            context.print("\(path) is \(source) already, by its \(checksum.algorithm.rawValue)")
            return result
        }
        let ignoresCertificates = try inputs.boolean("ignoreCertificateErrors", default: false)
        if ignoresCertificates { context.print("the certificate of \(source.origin) is not checked, as the document asks") }
        let file = try TransferFile(context)
        try download(source, ignoresCertificates, to: file, context)
        if let checksum { try check(file, checksum, source) }
        if !path.isRoot { try context.editor.makeDirectory(path.parent) }
        let size = try file.move(to: path, in: context.editor)
        context.print("downloaded \(source) to \(path), \(Amount.bytes(size))")
        return result
    }

    private static func url(_ text: String) throws(Failure) -> HTTPURL {
        do throws(HTTPError) { return try HTTPURL(parsing: text) } catch {
            throw Failure(error, task: "\(name): the source is not valid")
        }
    }

    private static func checksum(_ inputs: ActionInputs) throws(Failure) -> Checksum? {
        guard let hex = try inputs.optionalText("checksum"), let word = try inputs.optionalText("algorithm") else { return nil }
        guard let algorithm = FileDigest.Algorithm(rawValue: word.uppercased()) else {
            throw Failure(.invalid, "\(name): there is no algorithm '\(word)'", hint: "use MD5, SHA1, SHA256 or SHA512")
        }
        guard let checksum = Checksum(algorithm, hex: hex) else {
            throw Failure(
                .invalid,
                "\(name): the checksum is no \(algorithm.rawValue): that has \(algorithm.digits) hexadecimal digits")
        }
        return checksum
    }

    private static func isThere(_ path: TreePath, _ checksum: Checksum, in tree: TreeEditor) throws(Failure) -> Bool {
        guard let content = try tree.resolvedNode(path)?.content else { return false }
        return try content.checksum(checksum.algorithm, in: tree) == checksum.hex
    }

    private static func download(
        _ source: HTTPURL, _ ignoresCertificates: Bool, to file: borrowing TransferFile, _ context: ActionContext
    ) throws(Failure) {
        let task = "\(name): cannot download \(source)"
        var request = HTTPRequest(.get, source, output: file.path, policy: context.transfers.policy)
        request.followsRedirects = true
        request.ignoresCertificates = ignoresCertificates
        try TransferAttempts(context).run(task) { (timeLeft: UInt64?) throws(TransferProblem) in
            request.timeLimit = timeLeft
            let response = try context.transfers.send(request, task, context.environment)
            guard response.status == 200 else {
                let place = response.url == source ? "" : " at \(response.url)"
                throw TransferProblem(
                    Failure(response.failureCode, "\(task): the server answered \(response.statusText)\(place)"),
                    isTransient: response.isTransient)
            }
        }
    }

    private static func check(_ file: borrowing TransferFile, _ checksum: Checksum, _ source: HTTPURL) throws(Failure) {
        let found = try file.checksum(checksum.algorithm)
        guard found == checksum.hex else {
            throw Failure(
                .failed,
                "\(name): \(source) has the \(checksum.algorithm.rawValue) \(found), and \(checksum.hex) is asked for",
                hint: "the file was changed at its source, or the checksum is of another one")
        }
    }
}
