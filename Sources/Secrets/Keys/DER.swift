/// As much of DER (X.690) as tells keys from other things.
struct DER {
    private let bytes: ArraySlice<UInt8>

    /// One element: its tag and content.
    struct Element {
        let tag: UInt8
        let content: ArraySlice<UInt8>
        /// Behind the element.
        let end: Int
    }

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// The element at an index; nil where it does not fit in the bytes.
    func element(at start: Int) -> Element? {
        guard start + 2 <= bytes.endIndex else { return nil }
        var length = Int(bytes[start + 1])
        var position = start + 2
        if length & 0x80 != 0 {
            let count = length & 0x7F
            guard (1...4).contains(count), position + count <= bytes.endIndex else { return nil }
            length = 0
            for _ in 0..<count {
                length = length << 8 | Int(bytes[position])
                position += 1
            }
        }
        guard length <= bytes.endIndex - position else { return nil }
        return Element(tag: bytes[start], content: bytes[position..<(position + length)], end: position + length)
    }

    var first: Element? { element(at: bytes.startIndex) }

    /// The first elements within this one, at most `limit`.
    static func children(of element: Element, limit: Int = 12) -> [Element] {
        var children: [Element] = []
        var position = element.content.startIndex
        let reader = DER(element.content)
        while position < element.content.endIndex, children.count < limit, let child = reader.element(at: position) {
            children.append(child)
            position = child.end
        }
        return children
    }

    /// What the bytes are, if they are one of the forms of a private key.
    enum KeyForm {
        /// PKCS#1, SEC 1, PKCS#8, DSA
        case plain
        /// PKCS#8 under a password.
        case encrypted
    }

    static func keyForm(_ bytes: some Sequence<UInt8>) -> KeyForm? {
        let bytes = Array(bytes)
        guard bytes.count >= 32, let outer = DER(bytes[...]).first, outer.tag == 0x30 else { return nil }
        let parts = children(of: outer)
        guard let head = parts.first, parts.count >= 2 else { return nil }
        if head.tag == 0x02, head.content.count == 1, let version = head.content.first, version <= 1 {
            // PKCS#8: an algorithm and a string; SEC 1: a string; PKCS#1 and DSA: large numbers.
            if parts[1].tag == 0x30 { return parts.count >= 3 && parts[2].tag == 0x04 ? .plain : nil }
            if parts[1].tag == 0x04 { return parts[1].content.count >= 16 ? .plain : nil }
            return parts.count >= 5 && parts.allSatisfy { $0.tag == 0x02 } ? .plain : nil
        }
        // EncryptedPrivateKeyInfo: PBES1 or PBES2, and a string.
        if head.tag == 0x30, parts.count == 2, parts[1].tag == 0x04, parts[1].content.count >= 32,
            let algorithm = children(of: head).first, algorithm.tag == 0x06,
            algorithm.content.starts(with: [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01])
        {
            return .encrypted
        }
        return nil
    }

    /// Whether the bytes are a PKCS#12 file (RFC 7292): version 3 and a PKCS#7 content.
    static func isPKCS12(_ bytes: [UInt8]) -> Bool {
        guard let head = bytes.first, head == 0x30, bytes.count > 40, let outer = DER(bytes[...]).first else { return false }
        let parts = children(of: outer, limit: 3)
        return parts.count >= 2 && parts[0].tag == 0x02 && parts[0].content.elementsEqual([3]) && parts[1].tag == 0x30
            && parts[1].content.starts(with: [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07])
    }
}
