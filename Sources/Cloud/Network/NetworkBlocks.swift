import Model
import Records
import SQLite

/// A block that a VPC has beside its first one.
package struct VPCBlock: Hashable, Sendable {
    package let id: VPCBlockID
    package let vpc: VPCID
    package let block: NetworkBlock
}

/// The IPv6 block of a subnet.
package struct SubnetBlock: Hashable, Sendable {
    package let id: SubnetBlockID
    package let subnet: SubnetID
    package let block: AddressBlock6
}

/// What AssociateVpcCidrBlock asks for.
package enum VPCBlockRequest: Hashable, Sendable {
    case ipv4(AddressBlock)
    /// Of the addresses that Amazon has.
    case amazonIPv6
}

/// EC2's actions on the further blocks of VPCs and subnets.
package protocol NetworkBlockActions: Sendable {
    func associate(_ request: VPCBlockRequest, with vpc: VPCID) throws(Failure) -> VPCBlock
    /// What is gone then. The first block of a VPC stays, and so does what a subnet has its addresses of.
    func disassociate(_ id: VPCBlockID) throws(Failure) -> VPCBlock
    func associate(_ block: AddressBlock6, with subnet: SubnetID) throws(Failure) -> SubnetBlock
    func disassociate(_ id: SubnetBlockID) throws(Failure) -> SubnetBlock
}

/// The schema of further blocks, and what a subnet says of its instances' addresses and names.
enum NetworkBlockCatalogue {
    static let migration = Migration(
        """
        -- `id` is that of the association, `network` that of a VPC or a subnet.
        CREATE TABLE network_blocks (
            id TEXT PRIMARY KEY,
            network TEXT NOT NULL,
            block TEXT NOT NULL
        ) STRICT;
        CREATE INDEX network_blocks_by_network ON network_blocks (network);
        ALTER TABLE subnets ADD COLUMN ipv6_addresses INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE subnets ADD COLUMN names_by_resource INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE subnets ADD COLUMN dns_a INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE subnets ADD COLUMN dns_aaaa INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE subnets ADD COLUMN dns64 INTEGER NOT NULL DEFAULT 0;
        """)
}

extension Session {
    func blocks(of vpc: VPCID) throws -> [VPCBlock] {
        try rows("SELECT id, block FROM network_blocks WHERE network = ? ORDER BY rowid", vpc) { row in
            VPCBlock(id: try row.parsed("id"), vpc: vpc, block: try row.parsed("block"))
        }
    }

    func blocks(of subnet: SubnetID) throws -> [SubnetBlock] {
        try rows("SELECT id, block FROM network_blocks WHERE network = ? ORDER BY rowid", subnet) { row in
            SubnetBlock(id: try row.parsed("id"), subnet: subnet, block: try row.parsed("block"))
        }
    }

    /// Whether another VPC of the region has the block.
    func isGiven(_ block: NetworkBlock) throws -> Bool {
        try first("SELECT 1 AS one FROM network_blocks WHERE block = ? AND network GLOB 'vpc-*'", block) { _ in true } ?? false
    }

    func insert(_ block: VPCBlock) throws {
        try run("INSERT INTO network_blocks VALUES (?, ?, ?)", block.id, block.vpc, block.block)
    }

    func insert(_ block: SubnetBlock) throws {
        try run("INSERT INTO network_blocks VALUES (?, ?, ?)", block.id, block.subnet, NetworkBlock.ipv6(block.block))
    }
}

extension NetworkBlock: Bindable {
    package var sqliteValue: Value { .text(description) }
}
