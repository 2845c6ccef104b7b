import Crypto
import Glibc
import Model

/// Steps through the elements of an encoded directory or list of pages. Elements are found, not decoded: in two versions of a
/// directory most are the same, and the same bytes mean the same.
struct EncodedList {
    enum Form {
        case entries
        case pages
    }

    let bytes: [UInt8]
    private let form: Form
    private var reader: ByteReader
    /// How many elements follow the one that was found last.
    private var left: Int
    private var element: Range<Int>
    private var name = 0..<0

    /// `count` is how many elements there are from `start` on.
    init(_ bytes: [UInt8], _ form: Form, from start: Int, count: Int) {
        self.bytes = bytes
        self.form = form
        reader = ByteReader(bytes, of: form == .entries ? "a directory object" : "a list of directory pages", from: start)
        left = count
        element = start..<start
    }

    /// Where the element that was found last begins.
    var start: Int { element.lowerBound }

    /// Finds the next element; false where there is none.
    mutating func advance() throws(Failure) -> Bool {
        guard left > 0 else {
            guard reader.isAtEnd else { throw reader.damaged("something follows the last element") }
            return false
        }
        left -= 1
        let last = name
        let start = reader.position
        name = try reader.skipString(limit: Name.maximumLength)
        guard last.isEmpty || Self.order(bytes, last, bytes, name) < 0 else { throw reader.damaged("a name is out of order") }
        switch form {
        case .entries: try DirectoryCoding.skipNode(&reader)
        case .pages: try reader.skip(Digest.byteCount)
        }
        element = start..<reader.position
        return true
    }

    /// Whether what follows the found elements is the same in both to the end. Their directories were verified as a whole, so that it
    /// need not be read.
    func endsAs(_ other: EncodedList) -> Bool {
        left == other.left
            && Self.isEqual(bytes, reader.position..<bytes.count, other.bytes, other.reader.position..<other.bytes.count)
    }

    /// How the names of the found elements are ordered: below, at or above zero.
    func orderOfNames(_ other: EncodedList) -> Int { Self.order(bytes, name, other.bytes, other.name) }

    /// Whether that is the name of the element that was found last.
    func hasName(_ other: Name) -> Bool { Self.order(bytes, name, other.bytes, other.bytes.indices) == 0 }

    /// Whether the found elements have the same bytes.
    func isSame(as other: EncodedList) -> Bool { Self.isEqual(bytes, element, other.bytes, other.element) }

    private static func isEqual(_ a: [UInt8], _ rangeOfA: Range<Int>, _ b: [UInt8], _ rangeOfB: Range<Int>) -> Bool {
        rangeOfA.count == rangeOfB.count && order(a, rangeOfA, b, rangeOfB) == 0
    }

    /// The order of two ranges of bytes, as `lexicographicallyPrecedes` has it.
    private static func order(_ a: [UInt8], _ rangeOfA: Range<Int>, _ b: [UInt8], _ rangeOfB: Range<Int>) -> Int {
        let common = min(rangeOfA.count, rangeOfB.count)
        precondition(rangeOfA.upperBound <= a.count && rangeOfB.upperBound <= b.count, "a range outside of its bytes")
        let order = unsafe a.withUnsafeBufferPointer { a in
            unsafe b.withUnsafeBufferPointer { b -> Int in
                guard common > 0, let a = a.baseAddress, let b = b.baseAddress else { return 0 }
                return Int(unsafe memcmp(a + rangeOfA.lowerBound, b + rangeOfB.lowerBound, common))
            }
        }
        return order != 0 ? order : rangeOfA.count - rangeOfB.count
    }
}
