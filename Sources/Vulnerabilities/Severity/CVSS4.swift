/// The score of version 4, see https://www.first.org/cvss/v4.0/specification-document, section 8.2.
///
/// Vectors fall into 270 classes, by six questions (equivalence sets, EQ); experts ordered and scored the worst vector of each class. A
/// vector's score is that of its class, less a share of the distance to the next lower classes, by how far it is from its own class' worst.
enum CVSS4 {
    /// A vector with all defaults in place, as ranks of its metrics: 0 is the worst.
    private struct Ranks {
        let values: [String: Int]

        subscript(metric: String) -> Int { values[metric] ?? 0 }
    }

    private static let words: [(metric: String, values: String)] = [
        ("AV", "NALP"), ("PR", "NLH"), ("UI", "NPA"), ("AC", "LH"), ("AT", "NP"), ("VC", "HLN"), ("VI", "HLN"), ("VA", "HLN"),
        ("SC", "SHLN"), ("SI", "SHLN"), ("SA", "SHLN"), ("CR", "HML"), ("IR", "HML"), ("AR", "HML"), ("E", "APU"),
    ]

    /// Nil where a base metric is missing or a value is none.
    static func score(_ metrics: [String: String]) -> Double? {
        guard let ranks = ranks(metrics) else { return nil }
        let silent = ["VC", "VI", "VA"].allSatisfy { ranks[$0] == 2 } && ["SC", "SI", "SA"].allSatisfy { ranks[$0] == 3 }
        if silent { return 0 }
        let own = Class(ranks)
        guard let value = own.score else { return nil }
        var shares: [Double] = []
        for (lower, distance, depth) in own.neighbours(of: ranks) {
            guard let next = lower.compactMap(\.score).max() else { continue }
            shares.append(Double(value - next) * Double(distance) / Double(depth))
        }
        let mean = shares.isEmpty ? 0 : shares.reduce(0, +) / Double(shares.count)
        // What is meant to be half a tenth must not be a hair less.
        return max(0, min(100, (Double(value) - mean + 1e-6).rounded())) / 10
    }

    private static func ranks(_ metrics: [String: String]) -> Ranks? {
        var values: [String: Int] = [:]
        for (metric, letters) in words {
            // What an environment modified counts before what the vulnerability has.
            let modified = metrics["M" + metric].flatMap { $0 == "X" ? nil : $0 }
            var word = modified ?? metrics[metric] ?? "X"
            if word == "X", ["CR", "IR", "AR", "E"].contains(metric) { word = String(letters.prefix(1)) }
            guard word.count == 1, let letter = word.first, let place = letters.firstIndex(of: letter) else { return nil }
            // Safety is asked of a modified metric alone, and of no confidentiality.
            if letter == "S", modified == nil || metric == "SC" { return nil }
            values[metric] = letters.distance(from: letters.startIndex, to: place)
        }
        return Ranks(values: values)
    }

    /// One of the 270: the answers to the six questions, of which the third and the sixth go together.
    private struct Class {
        var eq1: Int
        var eq2: Int
        /// 0: 00, 1: 01, 2: 10, 3: 11, 4: 21, of the third and the sixth.
        var eq36: Int
        var eq4: Int
        var eq5: Int

        init(_ ranks: Ranks) {
            let open = ["AV", "PR", "UI"].count { ranks[$0] == 0 }
            eq1 = open == 3 ? 0 : open > 0 && ranks["AV"] != 3 ? 1 : 2
            eq2 = ranks["AC"] == 0 && ranks["AT"] == 0 ? 0 : 1
            let isRequired = [("VC", "CR"), ("VI", "IR"), ("VA", "AR")].contains { ranks[$0.0] == 0 && ranks[$0.1] == 0 }
            let isHigh = ["VC", "VI", "VA"].contains { ranks[$0] == 0 }
            let eq3 = ranks["VC"] == 0 && ranks["VI"] == 0 ? 0 : isHigh ? 1 : 2
            eq36 = eq3 == 2 ? 4 : eq3 * 2 + (isRequired ? 0 : 1)
            eq4 =
                ranks["SI"] == 0 || ranks["SA"] == 0 ? 0 : ["SC", "SI", "SA"].contains { ranks[$0] == 1 } ? 1 : 2
            eq5 = ranks["E"]
        }

        /// In tenths; nil for what is no class.
        var score: Int? {
            guard eq1 < 3, eq2 < 2, eq36 < 5, eq4 < 3, eq5 < 3 else { return nil }
            return CVSS4.scores[(((eq1 * 2 + eq2) * 5 + eq36) * 3 + eq4) * 3 + eq5]
        }

        /// The next lower classes of each question, how far the vector is from the worst of its answer, and how far one can be.
        func neighbours(of ranks: Ranks) -> [(lower: [Class], distance: Int, depth: Int)] {
            func lower(_ change: (inout Class) -> Void) -> [Class] {
                var other = self
                change(&other)
                return [other]
            }
            // One step in the third or in the sixth, whichever is there; of two the worse.
            let lower36 = [[1, 2], [3], [3], [4], []][eq36].flatMap { next in lower { $0.eq36 = next } }
            return [
                (lower { $0.eq1 += 1 }, Worst.eq1.distance(eq1, ranks), [1, 4, 5][eq1]),
                (lower { $0.eq2 += 1 }, Worst.eq2.distance(eq2, ranks), [1, 2][eq2]),
                (lower36, Worst.eq36.distance(eq36, ranks), [7, 6, 8, 8, 10][eq36]),
                (lower { $0.eq4 += 1 }, Worst.eq4.distance(eq4, ranks), [6, 5, 4][eq4]),
                (lower { $0.eq5 += 1 }, 0, 1),
            ]
        }
    }

    /// The worst vectors of each answer to a question, as ranks of its metrics (appendix of the specification's calculator).
    private struct Worst {
        let metrics: [String]
        let vectors: [[[Int]]]

        static let eq1 = Worst(
            metrics: ["AV", "PR", "UI"],
            vectors: [[[0, 0, 0]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[3, 0, 0], [1, 1, 1]]])
        static let eq2 = Worst(metrics: ["AC", "AT"], vectors: [[[0, 0]], [[1, 0], [0, 1]]])
        static let eq36 = Worst(
            metrics: ["VC", "VI", "VA", "CR", "IR", "AR"],
            vectors: [
                [[0, 0, 0, 0, 0, 0]], [[0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1]], [[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]],
                [
                    [1, 0, 1, 0, 1, 0], [1, 0, 0, 0, 1, 1], [0, 1, 0, 1, 0, 1], [0, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 1],
                ], [[1, 1, 1, 0, 0, 0]],
            ])
        static let eq4 = Worst(metrics: ["SC", "SI", "SA"], vectors: [[[1, 0, 0]], [[1, 1, 1]], [[2, 2, 2]]])

        /// From the first of the worst vectors that is not better in any metric.
        func distance(_ answer: Int, _ ranks: Ranks) -> Int {
            let own = metrics.map { ranks[$0] }
            let worst = vectors[answer].first { zip(own, $0).allSatisfy { $0 >= $1 } } ?? own
            return zip(own, worst).reduce(0) { $0 + $1.0 - $1.1 }
        }
    }

    /// The scores of all classes in tenths, by the answers to the questions 1, 2, 3 with 6, 4 and 5.
    private static let scores: [Int] = [
        100, 98, 95, 100, 93, 91, 93, 89, 81, 99, 95, 92, 96, 87, 81, 90, 80, 68, 98, 95, 90, 93, 89, 81, 88, 78, 69,
        95, 92, 84, 92, 81, 65, 80, 70, 48, 92, 82, 72, 79, 69, 50, 69, 55, 27, 99, 95, 92, 95, 90, 84, 92, 82, 72,
        97, 92, 85, 91, 83, 71, 81, 71, 53, 95, 92, 85, 92, 80, 70, 84, 71, 50, 93, 85, 73, 82, 72, 59, 70, 52, 30,
        86, 75, 52, 71, 52, 29, 63, 29, 17, 98, 94, 91, 94, 86, 77, 87, 74, 63, 95, 87, 81, 89, 74, 64, 75, 63, 49,
        94, 88, 76, 86, 74, 59, 72, 57, 52, 89, 77, 67, 76, 58, 50, 57, 52, 25, 83, 70, 54, 65, 58, 26, 53, 21, 13,
        95, 88, 76, 90, 75, 61, 77, 68, 52, 90, 76, 70, 77, 62, 53, 66, 59, 30, 89, 76, 62, 74, 57, 47, 61, 57, 24,
        78, 67, 58, 59, 57, 23, 52, 29, 16, 71, 59, 30, 58, 26, 15, 23, 13, 6, 93, 86, 75, 86, 74, 56, 70, 52, 40,
        87, 72, 58, 74, 61, 34, 54, 40, 22, 85, 74, 62, 72, 55, 46, 53, 34, 19, 75, 55, 51, 57, 41, 19, 36, 19, 8,
        64, 51, 20, 47, 21, 11, 24, 9, 4, 88, 73, 60, 73, 59, 41, 54, 45, 20, 75, 53, 50, 55, 40, 20, 43, 22, 11,
        75, 58, 40, 61, 48, 20, 46, 17, 8, 55, 45, 21, 51, 18, 9, 18, 7, 2, 53, 24, 14, 24, 12, 5, 10, 3, 1,
    ]
}
