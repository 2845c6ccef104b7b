import Model
import Platform
import Synchronization

/// Who carries out imports and exports in this process.
package protocol Converter: AnyObject, Sendable {
    /// A task waits.
    func added(_ id: String, in region: RegionName)
    /// A task is to end, where this process carries it out.
    func cancelled(_ id: String)
}

/// Carries out imports and exports for a server, one after the other in each of a few threads. `run` is the whole of its life.
///
/// A task that a process leaves behind is begun again by the next one, from its start: until its last transaction nothing of it can be
/// seen, and what it stored is found again.
package final class ConversionWorker: Converter {
    private let plane: EmbeddedPlane
    private let environment: Environment
    private let queue: TaskQueue
    /// What ends the tasks that run.
    private let running = Mutex<[String: Cancellation]>([:])

    private enum Limit {
        static let threads = 2
        static let waiting = 10_000
        /// Nanoseconds between two looks whether the run is over.
        static let look: UInt64 = 200_000_000
        /// Between two attempts to write down that a task has failed.
        static let again: UInt64 = 1_000_000_000
        /// Attempts while the disk is full, and whatever else is the reason.
        static let patience = (full: 60, other: 5)
    }

    package init(_ plane: EmbeddedPlane, environment: Environment) throws(Failure) {
        self.plane = plane
        self.environment = environment
        do throws(SystemError) { queue = try TaskQueue(limit: Limit.waiting) } catch {
            throw Failure(.io, "imports and exports cannot be carried out", cause: error)
        }
    }

    /// Works until the run is cancelled. What is under way then is left for the next process.
    package func run() {
        adopt()
        Threads.concurrently(1 + Limit.threads) { worker in
            if worker > 0 { return self.queue.run() }
            while !self.environment.cancellation.isCancelled { self.environment.wait(Limit.look) }
            self.queue.close()
            for stop in self.running.withLock({ Array($0.values) }) { stop.cancel() }
        }
    }

    /// Carries out what waits, on this thread, and takes no more.
    package func drain() {
        adopt()
        queue.close()
        queue.run()
    }

    /// What was entered before this process began, and what others left behind.
    private func adopt() {
        for name in (try? plane.regions()) ?? [] {
            for id in (try? plane.open(name).waitingConversions(sweep: sweep)) ?? [] { added(id, in: name) }
        }
    }

    /// Removes the objects, or the part of one, of an export or a bundle whose process died.
    private func sweep(_ task: ConversionTask) {
        guard let buckets = plane.buckets else { return }
        switch task.request {
        case .export(let wish): wish.object(of: task.id).map { buckets.remove($0, writer: task.id) }
        case .bundle(let wish): wish.remove(from: buckets, writer: task.id)
        case .image, .snapshot: break
        }
    }

    package func added(_ id: String, in region: RegionName) {
        // Where too many wait, the next start of a server finds it.
        _ = queue.add { self.carryOut(id, in: region) }
    }

    package func cancelled(_ id: String) { running.withLock { $0[id] }?.cancel() }

    private func carryOut(_ id: String, in name: RegionName) {
        // What waits when the run ends is left as it is.
        guard !environment.cancellation.isCancelled, let region = try? plane.open(name),
            let task = try? region.claimConversion(id)
        else { return }
        let stop = Cancellation()
        running.withLock { $0[id] = stop }
        defer { running.withLock { $0[id] = nil } }
        // Whoever cancelled between claim and entry did not see it.
        if environment.cancellation.isCancelled { stop.cancel() }
        var environment = environment
        environment.cancellation = stop
        do throws(Failure) {
            try ConversionRun(task, region, plane, environment).run()
        } catch {
            // A catalogue that cannot be written leaves the task to the next process.
            if error.code == .cancelled, self.environment.cancellation.isCancelled {
                try? region.releaseConversion(id)
            } else {
                fail(id, ConversionRun.message(of: error), in: region)
            }
        }
    }

    /// A full disk may soon have room again, and is waited for a while: a task without an end would be waited for too. What cannot be written
    /// down then is begun anew by the next process; the thread is for other tasks.
    private func fail(_ id: String, _ message: String, in region: EmbeddedRegion) {
        for attempt in 1...Limit.patience.full where !environment.cancellation.isCancelled {
            do throws(Failure) {
                return try region.failConversion(id, message)
            } catch {
                guard error.code == .exhausted || attempt < Limit.patience.other else { return }
                environment.wait(Limit.again)
            }
        }
    }
}
