import Model
import Recipes

/// All schedules of a library's pipelines, as far as the documents can be read.
package struct ScheduleBook: Sendable {
    /// One schedule of one pipeline.
    package struct Entry: Sendable {
        package var pipeline: PipelineDocument
        package var definition: ScheduleDefinition
        /// Nil for the build.
        package var destination: PipelineDocument.Distribution?

        /// `build`, or `copy us-west-2`.
        package var kind: String { destination.map { "copy \($0.region)" } ?? "build" }
    }

    /// A pipeline whose document cannot be read.
    package struct Problem: Sendable {
        /// The document's name in the library.
        package var document: String
        package var failure: Failure
    }

    /// By document, the build before the copies.
    package private(set) var entries: [Entry] = []
    package private(set) var problems: [Problem] = []

    package init(_ documents: DocumentLibrary) {
        for name in documents.names(.pipelines) {
            do throws(Failure) { add(try documents.pipeline(name)) } catch {
                problems.append(Problem(document: name, failure: error))
            }
        }
    }

    private mutating func add(_ pipeline: PipelineDocument) {
        if let schedule = pipeline.schedule { entries.append(Entry(pipeline: pipeline, definition: schedule)) }
        for destination in pipeline.distribution {
            if let schedule = destination.schedule {
                entries.append(Entry(pipeline: pipeline, definition: schedule, destination: destination))
            }
        }
    }
}
