import Model
import Records
import SQLite

/// What a channel points to.
package struct ChannelTarget: Sendable, Hashable {
    package var version: ImageVersion
    package var image: ImageID

    package init(version: ImageVersion, image: ImageID) {
        self.version = version
        self.image = image
    }
}

/// One line of a channel's history. The last one says where the channel points.
package struct ChannelMove: Sendable, Hashable {
    package var recipe: ResourceName
    package var channel: ChannelName
    /// Nil for the first.
    package var from: ChannelTarget?
    package var to: ChannelTarget
    package var at: Instant
    /// Who did it.
    package var actor: String
    package var reason: String
}

extension Ledger {
    /// Points a channel to another image: compare and swap. `Failure(.conflict)` when the channel does not point to `expected` (nil:
    /// nowhere) any more, so that of two promotions that saw the same value one wins.
    package func promote(
        _ recipe: ResourceName, _ channel: ChannelName, from expected: ChannelTarget?, to target: ChannelTarget, at now: Instant,
        by actor: String, reason: String, under lease: LeaseRecord? = nil
    ) throws(Failure) -> ChannelMove {
        let move = ChannelMove(
            recipe: recipe, channel: channel, from: expected, to: target, at: now, actor: actor, reason: reason)
        try change("promote \(recipe) to \(channel)", under: lease) { session in
            let current = try session.moves(of: recipe, channel, limit: 1).first?.to
            guard current == expected else {
                let place = current.map { "points to \($0.version) (\($0.image))" } ?? "points nowhere"
                throw Failure(
                    .conflict, "the channel \(channel) of \(recipe) changed meanwhile: it \(place)",
                    hint: "look at the channel, then promote again")
            }
            try session.insert(move)
            try session.append(
                .channelMoved, subject: "\(recipe)/\(channel)",
                detail: [
                    "from": expected?.version.description, "to": target.version.description, "image": target.image.description,
                    "by": actor, "reason": reason,
                ], at: now)
        }
        return move
    }

    /// Where the channel points; nil where nothing was promoted to it.
    package func channel(_ recipe: ResourceName, _ channel: ChannelName) throws(Failure) -> ChannelTarget? {
        try history(of: recipe, channel, limit: 1).first?.to
    }

    /// The last move of every channel, by recipe and channel.
    package func channels(of recipe: ResourceName? = nil) throws(Failure) -> [ChannelMove] {
        let moves = try database.read("list the channels") { session in
            try session.rows(
                """
                SELECT * FROM channel_moves
                WHERE seq IN (SELECT max(seq) FROM channel_moves GROUP BY recipe, channel) ORDER BY recipe, channel
                """
            ) { row in try row.move() }
        }
        return moves.filter { recipe == nil || $0.recipe == recipe }
    }

    /// The newest first.
    package func history(
        of recipe: ResourceName, _ channel: ChannelName, limit: Int? = nil
    ) throws(Failure) -> [ChannelMove] {
        try database.read("read the history of the channel \(channel)") { try $0.moves(of: recipe, channel, limit: limit) }
    }
}

extension Session {
    fileprivate func moves(of recipe: ResourceName, _ channel: ChannelName, limit: Int?) throws -> [ChannelMove] {
        try rows(
            "SELECT * FROM channel_moves WHERE recipe = ? AND channel = ? ORDER BY seq DESC LIMIT ?", recipe, channel, limit ?? -1
        ) { row in try row.move() }
    }

    fileprivate func insert(_ move: ChannelMove) throws {
        try run(
            """
            INSERT INTO channel_moves (recipe, channel, from_version, from_image, to_version, to_image, at, actor, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            move.recipe, move.channel, move.from?.version.description, move.from?.image, move.to.version.description,
            move.to.image, move.at, move.actor, move.reason)
    }
}

extension Row {
    fileprivate func move() throws -> ChannelMove {
        let from: ImageVersion? = try parsedIfPresent("from_version")
        return ChannelMove(
            recipe: try parsed("recipe"), channel: try parsed("channel"),
            from: try from.map { ChannelTarget(version: $0, image: try parsed("from_image")) },
            to: ChannelTarget(version: try parsed("to_version"), image: try parsed("to_image")), at: try instant("at"),
            actor: try text("actor"), reason: try text("reason"))
    }
}
