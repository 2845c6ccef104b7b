/// All action modules that a document may name.
package enum ActionRegistry {
    package static let all: [any Action.Type] = [
        S3Download.self, S3Upload.self, WebDownload.self,
    ]
}
