import Secrets
import Testing

struct CorpusTests {
    @Test(
        "Of more than 300 planted secrets in more than 40 kinds of files nearly all are found, and of 300 look-alikes nearly none"
    )
    func corpus() throws {
        let planted = PlantedCorpus.files(seed: 11, rounds: 6)
        let others = LookAlikes.files(seed: 12, rounds: 3)
        #expect(Set(PlantedCorpus.files(seed: 1, rounds: 1).map(\.path)).count >= 40)
        #expect(LookAlikes.count(others) >= 300)
        let score = try CorpusScore(planted + others, try SecretScanner(key: [1]))
        #expect(score.planted >= 300)
        #expect(score.recall >= 0.97, "missed: \(Set(score.missed).sorted())")
        #expect(score.precision >= 0.95, "wrong: \(Set(score.wrong).sorted())")
    }

    @Test("So it is in the second corpus, which was written after the rules")
    func adversarial() throws {
        let planted = AdversarialCorpus.files(seed: 21, rounds: 4)
        let others = AdversarialLookAlikes.files(seed: 22, rounds: 4)
        let score = try CorpusScore(planted + others, try SecretScanner(key: [1]))
        #expect(score.planted >= 300)
        #expect(score.recall >= 0.97, "missed: \(Set(score.missed).sorted())")
        #expect(score.precision >= 0.95, "wrong: \(Set(score.wrong).sorted())")
    }
}
