import Cloud
import CommandLineKit
import Model
import Orchestration
import Platform
import Recipes
import Text

/// What the rows of `ingot cost` are.
enum CostGrouping: String, ArgumentChoice {
    case image, pipeline, region
}

enum CostCommand: Command {
    static let grouping = Option<CostGrouping>("by", value: "what", "What the rows of the table are", default: .image)
    static let prices = Option<String?>("prices", value: "file", "A price table of your own, in YAML", values: .file)
    static let printPrices = Flag("print-prices", "Print the price table that comes with Ingot, to begin your own with")

    static var specification: Specification {
        Specification(
            "cost", "What snapshots and copies would cost at AWS",
            discussion: """
                A snapshot costs what it adds to those that it builds on: the one before it of its volume, the version before it of its recipe, and \
                the image that it was built on. One in the archive costs all that it holds. A copy costs its storage in its region, and once the \
                transfer of what it adds there. Counted are the contents of files, byte by byte, as they are uncompressed; the file system's own \
                tables, which a snapshot at AWS has too, are not. With --region it is that region alone.
                """,
            examples: [
                Example("ingot cost", "Each image"),
                Example("ingot cost --by pipeline --prices contract.yaml", "Each pipeline, at your own prices"),
                Example("ingot cost --print-prices > contract.yaml", "A table to change"),
            ],
            parameters: [grouping, prices, printPrices, OutputFormat.option], heading: Heading.life)
    }

    static func run(_ arguments: ParsedArguments, in context: CommandContext) throws -> ExitStatus {
        if arguments[printPrices] {
            try context.print(StandardPrices.document)
            return .success
        }
        let report = try CostReport(
            try context.reader(), owner: context.settings.account, region: context.region, prices: try table(arguments[prices]))
        let format = arguments[OutputFormat.option]
        let text = try format.render(
            rows(report, arguments[grouping]), json: CostJSON(report), on: context.console.outputTerminal)
        try context.print(text)
        if format == .table {
            let prices = report.prices
            context.note(
                report.items.isEmpty
                    ? "there are no snapshots" : "in \(prices.currency), by \(prices.name) of \(CostJSON.day(prices.date))")
        }
        return .success
    }

    private static func table(_ file: String?) throws(Failure) -> PriceTable {
        guard let file else { return try PriceDocument.standard() }
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(file, limit: 1 << 20) } catch {
            throw Failure(
                error.isNotFound ? .notFound : .io, "the price table \(file) cannot be read",
                hint: "`ingot cost --print-prices` prints one to begin with", cause: error)
        }
        return try PriceDocument.table(bytes, file: file)
    }

    private static func rows(_ report: CostReport, _ grouping: CostGrouping) -> [CostRow] {
        guard !report.items.isEmpty else { return [] }
        let rows: [CostRow] =
            switch grouping {
            case .image:
                report.items.map { item in
                    CostRow(
                        name: item.image?.id.description ?? item.snapshots.first?.description ?? "",
                        version: item.image?.release?.description ?? "",
                        region: item.region.description, cost: item.cost)
                }
            case .pipeline: report.pipelines.map { CostRow(name: $0.pipeline?.description ?? "none", cost: $0.cost) }
            case .region: report.regions.map { CostRow(name: $0.region.description, cost: $0.cost) }
            }
        return rows + [CostRow(name: "total", cost: report.total, isTotal: true)]
    }
}
