/// A vector of the Common Vulnerability Scoring System.
package enum CVSS {
    /// What a vector comes to.
    package struct Score: Hashable, Sendable {
        /// `CVSS_V2`, `CVSS_V3` or `CVSS_V4`, as OSV has it.
        package let system: String
        package let vector: String
        /// Of version 4 what its threat and environment metrics make of it, where the vector has any.
        package let base: Double
    }

    /// Nil where the text is no vector, or lacks a base metric.
    package static func score(_ vector: String) -> Score? {
        if vector.hasPrefix("CVSS:4.0/") {
            guard let base = CVSS4.score(Self.metrics(vector.dropFirst("CVSS:4.0/".count))) else { return nil }
            return Score(system: "CVSS_V4", vector: vector, base: base)
        }
        if vector.hasPrefix("CVSS:3.0/") || vector.hasPrefix("CVSS:3.1/") {
            let isFirst = vector.hasPrefix("CVSS:3.0/")
            guard let base = CVSS3.base(Self.metrics(vector.dropFirst("CVSS:3.x/".count)), version30: isFirst) else { return nil }
            return Score(system: "CVSS_V3", vector: vector, base: base)
        }
        guard let base = CVSS2.base(Self.metrics(Substring(vector))) else { return nil }
        return Score(system: "CVSS_V2", vector: vector, base: base)
    }

    private static func metrics(_ text: Substring) -> [String: String] {
        var metrics: [String: String] = [:]
        for part in text.split(separator: "/") {
            guard let colon = part.firstIndex(of: ":") else { continue }
            metrics[String(part[..<colon])] = String(part[part.index(after: colon)...])
        }
        return metrics
    }
}

/// The base score of version 3, see https://www.first.org/cvss/v3.1/specification-document, sections 7.1 and 7.4.
enum CVSS3 {
    static func base(_ metrics: [String: String], version30: Bool) -> Double? {
        func weight(_ name: String, _ weights: [String: Double]) -> Double? { metrics[name].flatMap { weights[$0] } }
        let impacts = ["H": 0.56, "L": 0.22, "N": 0]
        guard let scope = metrics["S"], ["U", "C"].contains(scope),
            let vector = weight("AV", ["N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2]),
            let complexity = weight("AC", ["L": 0.77, "H": 0.44]),
            let privileges = weight(
                "PR", scope == "C" ? ["N": 0.85, "L": 0.68, "H": 0.5] : ["N": 0.85, "L": 0.62, "H": 0.27]),
            let interaction = weight("UI", ["N": 0.85, "R": 0.62]), let confidentiality = weight("C", impacts),
            let integrity = weight("I", impacts), let availability = weight("A", impacts)
        else { return nil }
        let lost = 1 - (1 - confidentiality) * (1 - integrity) * (1 - availability)
        let impact = scope == "C" ? 7.52 * (lost - 0.029) - 3.25 * power(lost - 0.02, 15) : 6.42 * lost
        if impact <= 0 { return 0 }
        let exploitability = 8.22 * vector * complexity * privileges * interaction
        let sum = min(scope == "C" ? 1.08 * (impact + exploitability) : impact + exploitability, 10)
        return version30 ? (sum * 10).rounded(.up) / 10 : roundUp(sum)
    }

    /// Appendix A of version 3.1: the smallest number with one decimal that is not below, without errors of binary fractions.
    private static func roundUp(_ value: Double) -> Double {
        let whole = Int((value * 100_000).rounded())
        return whole % 10_000 == 0 ? Double(whole) / 100_000 : Double(whole / 10_000 + 1) / 10
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double { (0..<exponent).reduce(1) { value, _ in value * base } }
}

/// The base score of version 2, see https://www.first.org/cvss/v2/guide, section 3.2.1.
enum CVSS2 {
    static func base(_ metrics: [String: String]) -> Double? {
        func weight(_ name: String, _ weights: [String: Double]) -> Double? { metrics[name].flatMap { weights[$0] } }
        let impacts = ["N": 0, "P": 0.275, "C": 0.660]
        guard let vector = weight("AV", ["L": 0.395, "A": 0.646, "N": 1]),
            let complexity = weight("AC", ["H": 0.35, "M": 0.61, "L": 0.71]),
            let authentication = weight("Au", ["M": 0.45, "S": 0.56, "N": 0.704]), let confidentiality = weight("C", impacts),
            let integrity = weight("I", impacts), let availability = weight("A", impacts)
        else { return nil }
        let impact = 10.41 * (1 - (1 - confidentiality) * (1 - integrity) * (1 - availability))
        let exploitability = 20 * vector * complexity * authentication
        let score = (0.6 * impact + 0.4 * exploitability - 1.5) * (impact == 0 ? 0 : 1.176)
        return (score * 10).rounded() / 10
    }
}
