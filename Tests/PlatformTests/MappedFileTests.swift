import Platform
import TestSupport
import Testing

@Suite("A mapped file")
struct MappedFileTests {
    @Test func `it holds the bytes of its range, and hands them out where they are`() throws {
        try withTemporaryFolder { folder in
            let bytes = (0..<20_000).map { UInt8(truncatingIfNeeded: $0) }
            try FileDescriptor.open("\(folder)/f", .create).write(bytes)
            let mapped = try MappedFile(try FileDescriptor.open("\(folder)/f", .read), offset: 5000, count: 10_000)
            try mapped.populate()
            #expect(mapped.bytes(0..<10_000) == Array(bytes[5000..<15_000]))
            #expect(mapped.withBytes(100..<104) { span in span.indices.map { span[$0] } } == Array(bytes[5100..<5104]))
        }
    }

    @Test func `what is not there any more is an error when it is read in, and no signal`() throws {
        try withTemporaryFolder { folder in
            try FileDescriptor.open("\(folder)/f", .create).write([UInt8](repeating: 7, count: 64 << 10))
            let mapped = try MappedFile(try FileDescriptor.open("\(folder)/f", .read), offset: 0, count: 64 << 10)
            try Shell.run("truncate -s 4096 f", in: folder)
            #expect(throws: SystemError.self) { try mapped.populate() }
        }
    }
}
