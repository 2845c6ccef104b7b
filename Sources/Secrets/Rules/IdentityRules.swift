/// Keys of accounts and sign-on.
extension RuleTable {
    static let identity: [TokenRule] = [
        TokenRule("okta-token", "Okta token", .identity, .critical, named: ["okta"], #"00[A-Za-z0-9_=\-]{40}"#, entropy: 3.8),
        TokenRule(
            "auth0-secret", "Auth0 client secret", .identity, .critical, named: ["auth0"], #"[A-Za-z0-9_\-]{64}"#, check: .mixed,
            entropy: 4),
        TokenRule(
            "duo-secret", "Duo secret key", .identity, .critical, named: ["duo_", "duo-"], "[A-Za-z0-9]{40}", check: .mixed,
            entropy: 4),
        TokenRule(
            "stytch-secret", "Stytch secret", .identity, .high, ["secret-live-", "secret-test-"],
            #"secret-(?:live|test)-[A-Za-z0-9_\-]{36}=?"#, entropy: 3.8),
        TokenRule(
            "authress-key", "Authress key", .identity, .high, ["sc_", "ext_", "scauth_", "authress_"],
            #"(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.(?:acc_)?[a-z0-9\-]{10,32}\.[A-Za-z0-9+/_=\-]{30,120}"#,
            entropy: 3.8),
        TokenRule("facebook-token", "Facebook access token", .identity, .high, ["EAA"], "EAA[MC][A-Za-z0-9]{90,}", entropy: 4),
        TokenRule(
            "facebook-app-token", "Facebook app token", .identity, .high, named: ["facebook", "fb_app", "access_token"],
            #"\d{15,16}[\|][A-Za-z0-9_\-]{27}"#, entropy: 3.5),
        TokenRule(
            "facebook-secret", "Facebook app secret", .identity, .high, named: ["facebook", "fb_app", "fb_secret"], "[a-f0-9]{32}"
        ),
        TokenRule(
            "twitter-bearer-token", "Twitter bearer token", .identity, .high, ["AAAAAAAAAAAAAAAAAAAAAA"],
            "A{22}[A-Za-z0-9%]{80,100}", entropy: 3.5),
        TokenRule(
            "twitter-secret", "Twitter secret", .identity, .high, named: ["twitter", "tweepy"],
            "(?:[A-Za-z0-9]{45}|[A-Za-z0-9]{50}|[A-Za-z0-9]{25}|[0-9]{15,25}-[A-Za-z0-9]{20,40})", entropy: 3.5),
        TokenRule(
            "linkedin-secret", "LinkedIn secret", .identity, .high, named: ["linkedin", "linked_in", "linked-in"],
            #"(?:WPL_AP\d\.[A-Za-z0-9]{16}\.[A-Za-z0-9=]{8}|[A-Za-z0-9]{16}|[A-Za-z0-9]{14})"#),
        TokenRule("twitch-token", "Twitch token", .identity, .high, named: ["twitch"], "(?:oauth:)?[a-z0-9]{30}", entropy: 3.3),
        TokenRule(
            "jumpcloud-key", "JumpCloud key", .identity, .critical, named: ["jumpcloud"], "(?:jca_)?[A-Za-z0-9]{36,40}",
            entropy: 3.8),
        TokenRule("spotify-secret", "Spotify secret", .identity, .medium, named: ["spotify"], "[a-f0-9]{32}"),
        TokenRule(
            "json-web-token", "JSON Web Token", .identity, .high, ["eyJ"],
            #"eyJ[A-Za-z0-9_\-]{10,}\.eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{10,}"#, check: .jsonWebToken, entropy: 4),
        TokenRule(
            "json-web-encrypted-token", "Encrypted JSON Web Token", .identity, .medium, ["eyJ"],
            #"eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{0,600}\.[A-Za-z0-9_\-]{10,40}\.[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{16,30}"#,
            check: .jsonWebToken, entropy: 4),
    ]
}
