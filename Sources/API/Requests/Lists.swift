import Model

// Lists that are read as a whole: what of them a request asks for.
extension Array {
    /// One page of a list that is read as a whole.
    func page(after token: PageToken?, limit: Int?) -> (items: ArraySlice<Element>, next: PageToken?) {
        let from = Swift.min(Int(token?.row ?? 0), count)
        let end = limit.map { Swift.min(from + $0, count) } ?? count
        return (self[from..<end], end < count ? PageToken(after: Int64(end)) : nil)
    }

    /// The elements that a request names, all where it names none; `unknown` is the error for an id that none of them has.
    func named(
        _ ids: [String], by id: (Element) -> String, unknown: (String) -> APIError
    ) throws(APIError) -> [Element] {
        if ids.isEmpty { return self }
        if let stranger = ids.first(where: { asked in !contains { id($0) == asked } }) {
            throw unknown(String(stranger.prefix(60)))
        }
        return filter { ids.contains(id($0)) }
    }
}
