import HTTPServer
import Model

/// `POST /_ingot/reset`, for test suites that begin anew with each test. It needs no signature, so that it is there under a flag alone.
package struct ResetHook: Sendable {
    private let reset: @Sendable () throws(Failure) -> Void

    package init(_ reset: @escaping @Sendable () throws(Failure) -> Void) { self.reset = reset }

    /// Nil where something else is asked. A page in a browser, which always sends an Origin, is none of the suites.
    func respond(to request: Request) -> Response? {
        guard request.path == "/_ingot/reset" else { return nil }
        guard request.method == "POST", request[field: "origin"] == nil else { return Response(405) }
        do throws(Failure) {
            try reset()
            return Response(200)
        } catch { return Response(500, body: Array("\(error.message)\n".utf8)) }
    }
}
