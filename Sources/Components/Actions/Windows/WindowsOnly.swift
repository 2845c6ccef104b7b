import Model

/// Why an action that needs Windows does not run: images are Linux trees.
enum WindowsOnly {
    static func refuse(_ action: any Action.Type, because reason: String) -> Failure {
        Failure(
            .unavailable, "\(action.name) cannot run on this image: \(reason)",
            hint: "give the step an 'if' that skips it on Linux, or leave it out of the recipe's component")
    }
}
