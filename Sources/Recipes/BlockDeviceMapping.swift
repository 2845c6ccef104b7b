import Model

/// A volume that instances of the image get, as EC2 and Image Builder describe it.
package struct BlockDeviceMapping: Hashable, Sendable, Codable {
    /// `/dev/xvda`
    package var deviceName: String
    package var ebs: EBS

    package struct EBS: Hashable, Sendable, Codable {
        /// GiB, 1 to 16000; nil for the size that the content needs.
        package var volumeSize: Int?
        package var volumeType: VolumeType
        /// 100 to 64000; io1 and io2 need it, gp3 may have it.
        package var iops: Int?
        /// MiB a second, 125 to 1000; gp3 alone may have it.
        package var throughput: Int?
        package var deleteOnTermination: Bool
        /// Nil for what the parent image is, or the account's setting says.
        package var encrypted: Bool?
        /// An id, an alias or an ARN of the build region; nil for the account's default key.
        package var kmsKeyId: String?
    }
}

// MARK: - Reading

extension BlockDeviceMapping {
    /// The volumes of a recipe; a device name comes once.
    static func read(_ fields: FieldReader) -> [BlockDeviceMapping] {
        var seen: Set<String> = []
        return fields.list("blockDeviceMappings").compactMap { entry in
            guard let mapping = BlockDeviceMapping(entry, seen: &seen) else { return nil }
            return mapping
        }
    }

    private init?(_ entry: ValueReader, seen: inout Set<String>) {
        guard let fields = entry.fields() else { return nil }
        let name = fields.required("deviceName")
        let deviceName = name?.parsed(Self.deviceName)
        if let name, let deviceName, !seen.insert(deviceName).inserted {
            name.report("the device \(deviceName) is mapped twice")
        }
        let ebs = fields.mapping("ebs").flatMap { EBS($0) }
        fields.finish()
        guard let deviceName, let ebs else { return nil }
        self.deviceName = deviceName
        self.ebs = ebs
    }

    private static func deviceName(_ text: String) throws(Failure) -> String {
        let letters = text.hasPrefix("/dev/") ? text.dropFirst(5) : text.hasPrefix("xvd") ? text[...] : ""
        let allowed = letters.utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        }
        guard (1...32).contains(letters.utf8.count), allowed else {
            throw Failure(.invalid, "\"\(text)\" is not a device name", hint: "write it like /dev/xvda")
        }
        return text
    }
}

extension BlockDeviceMapping.EBS {
    fileprivate init?(_ fields: FieldReader) {
        volumeSize = fields.optionalInteger("volumeSize", in: 1...16000)
        volumeType = fields.oneOf("volumeType", default: .gp3)
        iops = fields.optionalInteger("iops", in: 100...64000)
        throughput = fields.optionalInteger("throughput", in: 125...1000)
        deleteOnTermination = fields.boolean("deleteOnTermination", default: true)
        encrypted = fields.optional("encrypted")?.boolean()
        kmsKeyId = fields.optional("kmsKeyId")?.keyName()
        if kmsKeyId != nil && encrypted != true {
            fields.report("'kmsKeyId' needs 'encrypted: true'", at: "kmsKeyId", hint: "add encrypted: true")
        }
        checkPerformance(fields)
        fields.finish()
    }

    private func checkPerformance(_ fields: FieldReader) {
        let provisioned = volumeType == .io1 || volumeType == .io2
        if provisioned && fields.optional("iops") == nil {
            fields.report("a volume of type \(volumeType) needs 'iops'", at: "volumeType", hint: "add iops, 100 to 64000")
        }
        if !provisioned && volumeType != .gp3 && fields.optional("iops") != nil {
            fields.report(
                "a volume of type \(volumeType) has no 'iops'", at: "iops", hint: "use gp3, io1 or io2, or leave it out")
        }
        if volumeType != .gp3 && fields.optional("throughput") != nil {
            fields.report(
                "a volume of type \(volumeType) has no 'throughput'", at: "throughput", hint: "use gp3, or leave it out")
        }
    }
}

extension ValueReader {
    /// A key, by id, ARN, alias or alias ARN.
    func keyName() -> String? {
        parsed { (text) throws(Failure) in try KeyReference(parsing: text).description }
    }
}
