import Model
import Recipes

/// All schedules of a library's pipelines, as far as the documents can be read.
package struct ScheduleBook: Sendable {
    /// One schedule of one pipeline.
    package struct Entry: Sendable {
        package var pipeline: PipelineDocument
        package var definition: ScheduleDefinition
        package var work: Work

        package enum Work: Sendable {
            case build
            case copy(PipelineDocument.Distribution)
            /// Old images, as the pipeline's `lifecycle` says.
            case lifecycle

            package var name: String {
                switch self {
                case .build: "build"
                case .copy: "copy"
                case .lifecycle: "lifecycle"
                }
            }
        }

        /// `build`, `copy us-west-2` or `lifecycle`.
        package var kind: String {
            switch work {
            case .build: "build"
            case .copy(let destination): "copy \(destination.region)"
            case .lifecycle: "lifecycle"
            }
        }

        /// The region that it is about.
        package var region: RegionName {
            if case .copy(let destination) = work { destination.region } else { pipeline.region }
        }
    }

    /// A pipeline whose document cannot be read.
    package struct Problem: Sendable {
        /// The document's name in the library, or the region.
        package var document: String
        package var failure: Failure
    }

    /// By document, the build before the copies, and old images at last.
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
        if let schedule = pipeline.schedule { entries.append(Entry(pipeline: pipeline, definition: schedule, work: .build)) }
        for destination in pipeline.distribution {
            if let schedule = destination.schedule {
                entries.append(Entry(pipeline: pipeline, definition: schedule, work: .copy(destination)))
            }
        }
        if !pipeline.lifecycle.isEmpty { entries.append(Entry(pipeline: pipeline, definition: .daily, work: .lifecycle)) }
    }
}
