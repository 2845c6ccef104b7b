import Crypto
import Model
import Text
import XML

/// The manifest of a bundle: an image of an instance store, as EC2's tools for AMIs lay it into a bucket. A disk in a tar archive, compressed by
/// gzip, encrypted with AES-128 in CBC mode and cut into parts, each with its SHA-1. Key and vector of the encryption stand in the manifest, as
/// hexadecimal digits that are encrypted for EC2's key (RSAES-PKCS1-v1_5).
///
/// A signature is that of whoever made the bundle, by a key that nobody here knows: it is not looked at, and what is written has none.
struct BundleManifest: Equatable {
    struct Part: Equatable {
        /// Its name beside the manifest.
        var file: String
        /// SHA-1, in hexadecimal digits.
        var digest: String
    }

    var architecture: Architecture
    var kernel: String?
    var ramdisk: String?
    /// Devices by the names that the machine has for its disks: `ephemeral0`, `root`.
    var devices: [String: String] = [:]
    var products: [String] = []
    /// Who made it.
    var user: String
    /// The SHA-1 of the archive, in hexadecimal digits.
    var digest: String
    /// Of the disk, in bytes.
    var size: UInt64
    /// Of all parts together, in bytes.
    var bundledSize: UInt64
    var encryptedKey: [UInt8]
    var encryptedVector: [UInt8]
    var parts: [Part]

    /// EC2 has no larger root on an instance store.
    static let largest: UInt64 = 10 << 30
    /// Of 10 MiB, as EC2's tools cut them, and room for smaller ones.
    static let mostParts = 4096
    static let partSize = 10 << 20
    static let longest = 1 << 20
    /// Of product codes and of devices. No machine has more disks.
    private static let mostNames = 32
    /// In bytes: of ids, product codes, and names of devices.
    private static let longestName = 64
    /// The version of the form.
    private static let version = "2007-10-10"
}

// Reading.
extension BundleManifest {
    /// Nil where the bytes are no manifest of a machine, or one beyond a limit.
    init?(_ bytes: [UInt8]) {
        let limits = XMLReader.Limits(bytes: Self.longest, depth: 8, elements: 4 * Self.mostParts)
        guard let root = try? XMLReader.parse(bytes, limits: limits), root.name == "manifest",
            root["version"]?.trimmed == Self.version, let machine = root["machine_configuration"], let image = root["image"],
            image["type"].map({ $0.trimmed == "machine" }) ?? true,
            let architecture = machine["architecture"].flatMap({ Architecture(rawValue: $0.trimmed) }),
            let user = image["user"]?.trimmed, let digest = image.sha1,
            let size = image.number("size"), let bundled = image.number("bundled_size"), size <= Self.largest,
            let key = image["ec2_encrypted_key"], key.attributes["algorithm"] ?? "AES-128-CBC" == "AES-128-CBC",
            let encryptedKey = Hexadecimal.bytes(key.trimmed),
            let encryptedVector = image["ec2_encrypted_iv"].flatMap({ Hexadecimal.bytes($0.trimmed) }),
            let parts = image["parts"].flatMap({ Self.parts($0) })
        else { return nil }
        self.architecture = architecture
        kernel = machine["kernel_id"].map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
        ramdisk = machine["ramdisk_id"].map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
        let mappings = machine["block_device_mapping"]?.all("mapping") ?? []
        for mapping in mappings {
            guard let device = mapping["device"]?.trimmed, let virtual = mapping["virtual"]?.trimmed else { return nil }
            devices[virtual] = device
        }
        products = machine["product_codes"]?.all("product_code").map(\.trimmed) ?? []
        let words = [kernel, ramdisk].compactMap(\.self) + products + devices.flatMap { [$0.key, $0.value] }
        guard words.allSatisfy(Self.isWord), max(mappings.count, products.count) <= Self.mostNames else { return nil }
        self.user = user
        self.digest = digest
        self.size = size
        bundledSize = bundled
        self.encryptedKey = encryptedKey
        self.encryptedVector = encryptedVector
        self.parts = parts
    }

    /// Each index from 0 on comes once.
    private static func parts(_ element: XMLElement) -> [Part]? {
        let entries = element.all("part")
        guard 1...mostParts ~= entries.count, element.attributes["count"].map({ Int($0) == entries.count }) ?? true else {
            return nil
        }
        var parts: [Int: Part] = [:]
        for entry in entries {
            guard let index = entry.attributes["index"].flatMap({ Int($0) }), entries.indices.contains(index),
                let file = entry["filename"]?.trimmed, isName(file), let digest = entry.sha1
            else { return nil }
            parts[index] = Part(file: file, digest: digest)
        }
        let ordered = entries.indices.compactMap { parts[$0] }
        return ordered.count == entries.count ? ordered : nil
    }

    /// What an image keeps and shows: `aki-1a2b3c4d`, `/dev/sda1`.
    private static func isWord(_ text: String) -> Bool {
        1...longestName ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                let character = Character(UnicodeScalar(byte))
                return byte < 0x80 && (character.isLetter || character.isNumber || "-_./".contains(character))
            }
    }

    private static func isName(_ text: String) -> Bool {
        1...255 ~= text.utf8.count && text != "." && text != ".." && !text.utf8.contains(0x2F) && !text.utf8.contains(0)
    }
}

extension XMLElement {
    fileprivate var trimmed: String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// The digest in this element; nil for another algorithm.
    fileprivate var sha1: String? {
        guard let digest = self["digest"], digest.attributes["algorithm"] ?? "SHA1" == "SHA1" else { return nil }
        let text = digest.trimmed.lowercased()
        return text.utf8.count == 40 && Hexadecimal.bytes(text) != nil ? text : nil
    }

    fileprivate func number(_ name: String) -> UInt64? { self[name].flatMap { UInt64($0.trimmed) } }
}

// Writing.
extension BundleManifest {
    var document: String {
        """
        <?xml version="1.0"?><manifest><version>\(Self.version)</version><bundler><name>ingot</name><version>1</version>\
        <release>1</release></bundler>\(machine)\(image)</manifest>
        """
    }

    private var machine: String {
        var text = "<machine_configuration><architecture>\(architecture.rawValue)</architecture>"
        if let kernel { text += "<kernel_id>\(Self.escaped(kernel))</kernel_id>" }
        if let ramdisk { text += "<ramdisk_id>\(Self.escaped(ramdisk))</ramdisk_id>" }
        if !devices.isEmpty {
            let mappings = devices.sorted { $0.key < $1.key }.map { virtual, device in
                "<mapping><virtual>\(Self.escaped(virtual))</virtual><device>\(Self.escaped(device))</device></mapping>"
            }
            text += "<block_device_mapping>\(mappings.joined())</block_device_mapping>"
        }
        if !products.isEmpty {
            text += "<product_codes>"
            text += products.map { "<product_code>\(Self.escaped($0))</product_code>" }.joined() + "</product_codes>"
        }
        return text + "</machine_configuration>"
    }

    private var image: String {
        let parts = parts.enumerated().map { index, part in
            """
            <part index="\(index)"><filename>\(Self.escaped(part.file))</filename><digest algorithm="SHA1">\(part.digest)</digest></part>
            """
        }
        return """
            <image><name>image</name><user>\(user)</user><type>machine</type><digest algorithm="SHA1">\(digest)</digest>\
            <size>\(size)</size><bundled_size>\(bundledSize)</bundled_size>\
            <ec2_encrypted_key algorithm="AES-128-CBC">\(Hexadecimal.text(encryptedKey))</ec2_encrypted_key>\
            <ec2_encrypted_iv>\(Hexadecimal.text(encryptedVector))</ec2_encrypted_iv>\
            <parts count="\(self.parts.count)">\(parts.joined())</parts></image>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
