/// The prices that come with Ingot: the list prices of AWS's public pages, written down by hand, as a document like any other.
package enum StandardPrices {
    /// What messages call it.
    static let file = "the price table of Ingot"

    package static let document = """
        # List prices of EBS snapshots, and of data transfer between regions, in US dollars for a GiB: written down by hand from the public pages
        # of Amazon EBS and Amazon EC2 on-demand pricing. No free tier, discounts, taxes or minimum periods. Look them up before you rely on them.
        name: aws-list-prices
        date: 2025-06-01
        currency: USD
        default: {snapshot: 0.05, archive: 0.0125, transfer: 0.09}
        regions:
          us-east-1: {transfer: 0.02, transferTo: {us-east-2: 0.01}}
          us-east-2: {transfer: 0.02, transferTo: {us-east-1: 0.01}}
          us-west-1: {snapshot: 0.055, archive: 0.01375, transfer: 0.02}
          us-west-2: {transfer: 0.02}
          ca-central-1: {snapshot: 0.055, archive: 0.01375, transfer: 0.02}
          sa-east-1: {snapshot: 0.068, archive: 0.017, transfer: 0.138}
          eu-central-1: {snapshot: 0.054, archive: 0.0135, transfer: 0.02}
          eu-west-1: {transfer: 0.02}
          eu-west-2: {snapshot: 0.053, archive: 0.01325, transfer: 0.02}
          eu-west-3: {snapshot: 0.053, archive: 0.01325, transfer: 0.02}
          eu-north-1: {transfer: 0.02}
          ap-northeast-1: {transfer: 0.09}
          ap-northeast-2: {transfer: 0.08}
          ap-south-1: {transfer: 0.086}
          ap-southeast-1: {transfer: 0.09}
          ap-southeast-2: {snapshot: 0.055, archive: 0.01375, transfer: 0.098}

        """
}
