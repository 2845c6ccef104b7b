/// What storage and transfer cost, by region.
package struct PriceTable: Sendable, Hashable {
    package var name: String
    /// The day of which the prices are.
    package var date: Instant
    /// Three letters.
    package var currency: String
    /// For regions that have no prices of their own.
    package var usual: RegionPrices
    package var regions: [RegionName: RegionPrices]

    package init(name: String, date: Instant, currency: String, usual: RegionPrices, regions: [RegionName: RegionPrices]) {
        self.name = name
        self.date = date
        self.currency = currency
        self.usual = usual
        self.regions = regions
    }

    package func prices(in region: RegionName) -> RegionPrices { regions[region] ?? usual }

    /// For a GiB that is copied from one region to another, once.
    package func transfer(from source: RegionName, to target: RegionName) -> Money {
        let prices = prices(in: source)
        return prices.transferTo[target] ?? prices.transfer
    }
}

/// The prices of a region, each for a GiB.
package struct RegionPrices: Sendable, Hashable {
    /// A month in the standard tier.
    package var snapshot: Money
    /// A month in the archive tier.
    package var archive: Money
    /// Once, out of the region to another.
    package var transfer: Money
    /// Regions to which it costs something else.
    package var transferTo: [RegionName: Money]

    package init(snapshot: Money, archive: Money, transfer: Money, transferTo: [RegionName: Money] = [:]) {
        self.snapshot = snapshot
        self.archive = archive
        self.transfer = transfer
        self.transferTo = transferTo
    }
}
