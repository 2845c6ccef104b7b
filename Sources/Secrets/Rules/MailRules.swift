/// Keys of services that send mail.
extension RuleTable {
    static let mail: [TokenRule] = [
        TokenRule(
            "sendgrid-key", "SendGrid key", .mail, .critical, ["SG."], #"SG\.[A-Za-z0-9_\-]{20,24}\.[A-Za-z0-9_\-]{39,50}"#,
            entropy: 4),
        TokenRule("mailgun-key", "Mailgun key", .mail, .high, ["key-"], "key-[a-f0-9]{32}", entropy: 3),
        TokenRule("mailgun-public-key", "Mailgun validation key", .mail, .low, ["pubkey-"], "pubkey-[a-f0-9]{32}", entropy: 3),
        TokenRule(
            "mailgun-signing-key", "Mailgun signing key", .mail, .high, named: ["mailgun"],
            "[a-f0-9]{32}(?:-[a-f0-9]{8}-[a-f0-9]{8})?"),
        TokenRule(
            "mailchimp-key", "Mailchimp key", .mail, .high,
            ["-us1", "-us2", "-us3", "-us4", "-us5", "-us6", "-us7", "-us8", "-us9"], within: .base64URL,
            #"[a-f0-9]{32}-us\d{1,2}"#, entropy: 3),
        TokenRule("mandrill-key", "Mandrill key", .mail, .high, ["md-"], #"md-[A-Za-z0-9_\-]{22}"#, check: .mixed, entropy: 3.8),
        TokenRule(
            "brevo-key", "Brevo key", .mail, .high, ["xkeysib-", "xsmtpsib-"], "x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}",
            entropy: 3.3),
        TokenRule(
            "postmark-token", "Postmark token", .mail, .high, named: ["postmark"],
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", check: .uuid),
        TokenRule("mailjet-key", "Mailjet key", .mail, .high, named: ["mailjet"], "[a-f0-9]{32}"),
        TokenRule("sparkpost-key", "SparkPost key", .mail, .high, named: ["sparkpost"], "[a-f0-9]{40}"),
        TokenRule("resend-key", "Resend key", .mail, .high, ["re_"], "re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}", entropy: 3.8),
        TokenRule("klaviyo-key", "Klaviyo private key", .mail, .high, named: ["klaviyo"], "pk_[a-f0-9]{34}"),
        TokenRule("zoho-token", "Zoho OAuth token", .mail, .high, ["1000."], #"1000\.[a-f0-9]{32}\.[a-f0-9]{32}"#, entropy: 3),
        TokenRule(
            "aws-smtp-password", "Amazon SES SMTP password", .mail, .critical, named: ["smtp", "ses_"], "B[A-Za-z0-9+/]{43}",
            check: .mixed, entropy: 4),
    ]
}
