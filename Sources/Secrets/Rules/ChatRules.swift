/// Tokens of chat and telephony.
extension RuleTable {
    static let chat: [TokenRule] = [
        TokenRule(
            "slack-bot-token", "Slack bot token", .chat, .critical, ["xoxb-"], #"xoxb-[0-9]{8,14}-[A-Za-z0-9\-]{14,80}"#,
            entropy: 2.8),
        TokenRule(
            "slack-user-token", "Slack user token", .chat, .critical, ["xoxp-", "xoxe-", "xoxo-"],
            #"xox[peo]-(?:[0-9]{8,14}-)?(?:[0-9]{8,14}-)?[A-Za-z0-9\-]{20,160}"#, entropy: 2.8),
        TokenRule(
            "slack-session-token", "Slack session token", .chat, .high, ["xoxc-", "xoxd-", "xoxs-", "xoxa-", "xoxr-"],
            #"xox[cdsar]-[A-Za-z0-9%\-]{20,200}"#, entropy: 3),
        TokenRule(
            "slack-app-token", "Slack app token", .chat, .critical, ["xapp-"],
            #"xapp-\d-[A-Z0-9]{8,12}-\d{10,14}-[a-z0-9]{50,70}"#, entropy: 3.3),
        TokenRule(
            "slack-configuration-token", "Slack configuration token", .chat, .high, ["xoxe.xox"],
            #"xoxe\.xox[bp]-\d-[A-Za-z0-9]{140,180}"#, entropy: 3.8),
        TokenRule(
            "slack-webhook", "Slack webhook", .chat, .high, ["hooks.slack.com/"],
            #"hooks\.slack\.com/(?:services|workflows|triggers)/([A-Za-z0-9+/_]{40,100})"#, entropy: 3.3),
        TokenRule(
            "discord-webhook", "Discord webhook", .chat, .high, ["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
            #"discord(?:app)?\.com/api/webhooks/(\d{17,20}/[A-Za-z0-9_\-]{60,72})"#, entropy: 3.5),
        TokenRule(
            "discord-bot-token", "Discord bot token", .chat, .critical, named: ["discord"],
            #"[MNO][A-Za-z0-9_\-]{23,27}\.[A-Za-z0-9_\-]{6}\.[A-Za-z0-9_\-]{27,38}"#, entropy: 4),
        TokenRule(
            "discord-client-secret", "Discord client secret", .chat, .high, named: ["discord"], #"[A-Za-z0-9_=\-]{32}"#,
            entropy: 3.5),
        TokenRule("discord-key", "Discord API key", .chat, .medium, named: ["discord"], "[a-f0-9]{64}"),
        TokenRule(
            "telegram-bot-token", "Telegram bot token", .chat, .critical, [":AA"], within: .wordColon,
            #"(?:bot)?\d{8,10}:AA[A-Za-z0-9_\-]{33}"#, entropy: 3.8),
        TokenRule(
            "teams-webhook", "Microsoft Teams webhook", .chat, .high,
            [".webhook.office.com/webhookb2/", "outlook.office.com/webhook/"],
            #"(?:\.webhook|outlook)\.office\.com/webhook(?:b2)?/([0-9a-f\-]{36}@[0-9a-f\-]{36}/IncomingWebhook/[a-f0-9]{32}/[0-9a-f\-]{36})"#,
            entropy: 3),
        TokenRule(
            "google-chat-webhook", "Google Chat webhook", .chat, .high, ["chat.googleapis.com/v1/spaces/"],
            #"chat\.googleapis\.com/v1/spaces/[A-Za-z0-9_\-]{5,20}/messages\?(key=[A-Za-z0-9_&=%.\-]{60,160})"#, entropy: 3.5),
        TokenRule("mattermost-token", "Mattermost token", .chat, .high, named: ["mattermost"], "[a-z0-9]{26}", entropy: 3.5),
        TokenRule(
            "twilio-api-key", "Twilio API key", .chat, .high,
            ["SK0", "SK1", "SK2", "SK3", "SK4", "SK5", "SK6", "SK7", "SK8", "SK9", "SKa", "SKb", "SKc", "SKd", "SKe", "SKf"],
            "SK[0-9a-f]{32}", entropy: 3),
        TokenRule("twilio-auth-token", "Twilio auth token", .chat, .critical, named: ["twilio"], "[0-9a-f]{32}"),
        TokenRule(
            "vonage-secret", "Vonage or Nexmo secret", .chat, .high, named: ["nexmo", "vonage"], "[A-Za-z0-9]{16}", check: .mixed,
            entropy: 3.3),
        TokenRule(
            "plivo-token", "Plivo auth token", .chat, .high, named: ["plivo"], "[A-Za-z0-9]{40}", check: .mixed, entropy: 4),
        TokenRule(
            "messagebird-key", "MessageBird key", .chat, .high, named: ["messagebird", "message-bird", "message_bird"],
            "[A-Za-z0-9]{25}", entropy: 3.5),
        TokenRule(
            "sendbird-token", "Sendbird token", .chat, .high, named: ["sendbird"],
            "(?:[a-f0-9]{40}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"),
        TokenRule("pusher-secret", "Pusher secret", .chat, .medium, named: ["pusher"], "[a-f0-9]{20}"),
        TokenRule(
            "onesignal-key", "OneSignal key", .chat, .high, ["os_v2_app_", "os_v2_org_"], "os_v2_(?:app|org)_[a-z2-7]{103}",
            entropy: 4),
        TokenRule("intercom-token", "Intercom token", .chat, .high, named: ["intercom"], #"[A-Za-z0-9=_\-]{60}"#, entropy: 3.8),
        TokenRule("zendesk-secret", "Zendesk secret", .chat, .high, named: ["zendesk"], "[A-Za-z0-9]{40}", entropy: 3.5),
        TokenRule("zulip-key", "Zulip key", .chat, .medium, named: ["zulip"], "[A-Za-z0-9]{32}", check: .mixed, entropy: 3.8),
        TokenRule(
            "webex-token", "Webex token", .chat, .high, named: ["webex"], #"[A-Za-z0-9]{64}_[A-Z0-9]{4}_[0-9a-f\-]{36}"#,
            entropy: 3.8),
    ]
}
