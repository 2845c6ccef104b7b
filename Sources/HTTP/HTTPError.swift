/// Why no answer came, or not the whole of it. An answer with an error status is an answer.
package struct HTTPError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// The text is no http or https address.
        case badAddress
        /// The policy does not let requests go there.
        case refusedAddress
        case hostNotFound
        case notConnected
        /// The server's certificate is not valid for it, or nobody whom this machine trusts signed it.
        case certificate
        /// The TLS handshake failed for another reason.
        case encryption
        case timeout
        /// The connection broke before all had come.
        case interrupted
        case redirects
        case tooLarge
        case cancelled
        /// A file of this machine could not be read or written.
        case localFile
        case missingProgram
        case other
    }

    package var kind: Kind
    /// What happened, without queries of addresses and without headers.
    package var reason: String

    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    package var description: String { reason }

    /// Whether the same request may well succeed a moment later.
    package var isTransient: Bool {
        switch kind {
        case .hostNotFound, .notConnected, .timeout, .interrupted, .encryption, .other: true
        case .badAddress, .refusedAddress, .certificate, .redirects, .tooLarge, .cancelled, .localFile, .missingProgram: false
        }
    }
}

extension HTTPError {
    /// What an exit status of curl means (curl(1), "EXIT CODES"); `detail` is its own message.
    init(curl status: Int, _ detail: String, to url: HTTPURL) {
        let tail = detail.isEmpty ? "" : ": \(detail)"
        switch status {
        case 3: self.init(.badAddress, "the address \(url) cannot be used\(tail)")
        case 6: self.init(.hostNotFound, "the host \(url.host) was not found")
        case 7: self.init(.notConnected, "\(url.origin) takes no connection")
        case 28: self.init(.timeout, "\(url.origin) took too long\(tail)")
        case 35: self.init(.encryption, "no encrypted connection with \(url.origin) came about\(tail)")
        case 51, 60: self.init(.certificate, "the certificate of \(url.origin) is not valid\(tail)")
        case 18, 52, 55, 56, 92, 95: self.init(.interrupted, "the connection with \(url.origin) broke\(tail)")
        case 63: self.init(.tooLarge, "\(url) is larger than the limit")
        case 23, 26, 37: self.init(.localFile, "a file of this machine could not be read or written\(tail)")
        default: self.init(.other, "the request to \(url.origin) failed with curl's status \(status)\(tail)")
        }
    }
}
