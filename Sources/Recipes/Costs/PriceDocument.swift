import Model

/// A price table as a document, checked.
///
///     name: our-contract
///     date: 2026-01-01
///     currency: USD
///     default: {snapshot: 0.05, archive: 0.0125, transfer: 0.02}
///     regions:
///       us-east-1: {transferTo: {us-east-2: 0.01}}
package enum PriceDocument {
    /// Decodes a table. What a region leaves out is as in `default`. Throws all errors of the document at once.
    package static func table(_ bytes: [UInt8], file: String) throws(Failure) -> PriceTable {
        try DocumentDecoder.decode(bytes, file: file, as: "the price table") { fields in
            let name = fields.string("name")
            let date = fields.value("date", Instant.self)
            let currency = fields.required("currency")?.parsed { (text) throws(Failure) in
                if text.utf8.count == 3, text.utf8.allSatisfy({ UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }) { return text }
                throw Failure(.invalid, "\"\(text)\" is not a currency", hint: "write its three letters, such as USD")
            }
            let usual = fields.mapping("default").flatMap { prices($0, over: nil) }
            var regions: [RegionName: RegionPrices] = [:]
            for (key, value) in fields.optional("regions")?.entries() ?? [] {
                guard let region = key.region(), let entry = value.fields() else { continue }
                if let prices = prices(entry, over: usual) { regions[region] = prices }
            }
            guard let name, let date, let currency, let usual else { return nil }
            return PriceTable(name: name, date: date, currency: currency, usual: usual, regions: regions)
        }
    }

    /// The table that counts where no other is named.
    package static func standard() throws(Failure) -> PriceTable {
        try table(Array(StandardPrices.document.utf8), file: StandardPrices.file)
    }

    /// Prices, of which those that are left out are as in another.
    private static func prices(_ fields: FieldReader, over usual: RegionPrices?) -> RegionPrices? {
        defer { fields.finish() }
        func price(_ key: String, _ usual: Money?) -> Money? {
            usual == nil ? fields.value(key, Money.self) : fields.optionalValue(key, Money.self) ?? usual
        }
        let (snapshot, archive) = (price("snapshot", usual?.snapshot), price("archive", usual?.archive))
        let transfer = price("transfer", usual?.transfer)
        var transferTo: [RegionName: Money] = [:]
        for (key, value) in fields.optional("transferTo")?.entries() ?? [] {
            if let region = key.region(), let price = value.value(Money.self) { transferTo[region] = price }
        }
        guard let snapshot, let archive, let transfer else { return nil }
        return RegionPrices(snapshot: snapshot, archive: archive, transfer: transfer, transferTo: transferTo)
    }
}
