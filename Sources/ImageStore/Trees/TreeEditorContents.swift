import Model

/// Storing contents for files that an editor writes.
extension TreeEditor {
    package func store(_ bytes: [UInt8]) throws(Failure) -> FileContent { try Chunker.store(bytes, in: writer) }

    /// The contents with more bytes behind them, as large as they may be: one part is in memory at a time.
    package func content(_ content: FileContent, followedBy bytes: [UInt8]) throws(Failure) -> FileContent {
        var chunker = Chunker(into: writer)
        for extent in try content.extents(from: objects) {
            if let data = try extent.data(from: objects) {
                try chunker.append(data.span)
            } else {
                try chunker.appendHole(extent.length)
            }
        }
        try chunker.append(bytes.span)
        return try chunker.finish()
    }
}
