import CExt2FS

/// An open file system of libext2fs: freed when it goes out of scope.
@safe
struct Ext4Library: ~Copyable {
    private let handle: ext2_filsys
    /// Where the next free block is looked for.
    private var cursor: UInt64 = 0
    /// Blocks behind the cursor that are known to be free.
    private var free: UInt64 = 0
    let inodeCount: UInt64
    let blockCount: UInt64

    /// Seconds since 1970 of all that libext2fs would date by the clock: 2000-01-01.
    private static let date = 946_684_800
    private static let firstInode: UInt32 = 11

    /// Makes an empty file system in the file. `identity` is 32 bytes, from which UUID and hash seed come.
    init(_ path: String, _ demand: Ext4Demand, identity: [UInt8]) throws(Ext4Error) {
        precondition(identity.count == 32, "an identity is 32 bytes")
        let opened = try unsafe Self.initialize(path, try Self.parameters(demand))
        unsafe handle = opened
        inodeCount = UInt64(unsafe opened.pointee.super.pointee.s_inodes_count)
        blockCount = unsafe ext2fs_blocks_count(opened.pointee.super)
        setSuperblock(identity)
        for inode in 1..<Self.firstInode {
            unsafe ext2fs_inode_alloc_stats2(opened, inode, 1, inode == EXT2_ROOT_INO ? 1 : 0)
        }
    }

    private static func initialize(_ path: String, _ parameters: ext2_super_block) throws(Ext4Error) -> ext2_filsys {
        var parameters = parameters
        var opened: ext2_filsys?
        try checked("ext2fs_initialize \(path)") {
            unsafe ext2fs_initialize(path, EXT2_FLAG_64BITS, &parameters, cext2fs_file_driver(), &opened)
        }
        guard let opened = unsafe opened else { throw Ext4Error(.io, "ext2fs_initialize \(path): no file system") }
        let code = unsafe ext2fs_allocate_tables(opened)
        if code != 0 {
            unsafe ext2fs_free(opened)
            throw Ext4Error("ext2fs_allocate_tables", code: code)
        }
        return unsafe opened
    }

    deinit { unsafe ext2fs_free(handle) }

    /// The size of the file that so much needs.
    static func size(_ demand: Ext4Demand) throws(Ext4Error) -> UInt64 {
        UInt64(try parameters(demand).s_blocks_count) * UInt64(Ext4Format.blockSize)
    }

    private static func parameters(_ demand: Ext4Demand) throws(Ext4Error) -> ext2_super_block {
        let perGroup: UInt64 = 32_768
        let inodes = demand.inodes + UInt64(firstInode) + 16
        let tables = inodes * UInt64(Ext4Format.inodeSize) / UInt64(Ext4Format.blockSize) + 1
        // A group takes two blocks of bitmaps, an eighth of a block of descriptors, and rounds its inodes up.
        let content = demand.blocks + tables + 256
        let groups = max((content + content / 2048) / perGroup + 1, inodes / perGroup + 1)
        let needed = content + groups * 64
        let total = max(needed, inodes > perGroup ? groups * perGroup : 0)
        guard total < 1 << 32, inodes < 1 << 32 else {
            throw Ext4Error(
                .unsupported, "a file system of \(total) blocks and \(inodes) inodes is more than 16 TB or 4 billion inodes")
        }
        var parameters = ext2_super_block()
        parameters.s_rev_level = UInt32(EXT2_DYNAMIC_REV)
        parameters.s_log_block_size = 2
        parameters.s_log_cluster_size = 2
        parameters.s_inode_size = UInt16(Ext4Format.inodeSize)
        parameters.s_blocks_count = UInt32(total)
        parameters.s_inodes_count = UInt32(inodes)
        parameters.s_log_groups_per_flex = 16
        parameters.s_feature_compat = UInt32(
            EXT2_FEATURE_COMPAT_EXT_ATTR | EXT2_FEATURE_COMPAT_DIR_INDEX | EXT4_FEATURE_COMPAT_SPARSE_SUPER2)
        parameters.s_feature_incompat = UInt32(
            EXT2_FEATURE_INCOMPAT_FILETYPE | EXT3_FEATURE_INCOMPAT_EXTENTS | EXT4_FEATURE_INCOMPAT_FLEX_BG)
        parameters.s_feature_ro_compat = UInt32(
            EXT2_FEATURE_RO_COMPAT_SPARSE_SUPER | EXT2_FEATURE_RO_COMPAT_LARGE_FILE | EXT4_FEATURE_RO_COMPAT_HUGE_FILE
                | EXT4_FEATURE_RO_COMPAT_DIR_NLINK | EXT4_FEATURE_RO_COMPAT_EXTRA_ISIZE)
        return parameters
    }

    private func setSuperblock(_ identity: [UInt8]) {
        unsafe handle.pointee.now = Self.date
        let block = unsafe handle.pointee.super
        guard let block = unsafe block else { return }
        unsafe block.pointee.s_mkfs_time = UInt32(Self.date)
        unsafe block.pointee.s_lastcheck = UInt32(Self.date)
        unsafe block.pointee.s_max_mnt_count = -1
        unsafe block.pointee.s_want_extra_isize = 32
        unsafe block.pointee.s_min_extra_isize = 32
        unsafe block.pointee.s_def_hash_version = UInt8(DirectoryIndex.hashVersion)
        unsafe block.pointee.s_flags |= UInt32(EXT2_FLAGS_SIGNED_HASH)
        unsafe block.pointee.s_default_mount_opts = UInt32(EXT2_DEFM_XATTR_USER | EXT2_DEFM_ACL)
        unsafe withUnsafeMutableBytes(of: &block.pointee.s_uuid) { unsafe $0.copyBytes(from: identity.prefix(16)) }
        unsafe withUnsafeMutableBytes(of: &block.pointee.s_hash_seed) { unsafe $0.copyBytes(from: identity.suffix(16)) }
    }

    var hashSeed: [UInt32] {
        let seed = unsafe handle.pointee.super.pointee.s_hash_seed
        return [seed.0, seed.1, seed.2, seed.3]
    }

    // MARK: Blocks

    /// The next free blocks, at most `count` of them and at least one, in one run.
    mutating func takeBlocks(_ count: UInt64) throws(Ext4Error) -> Range<UInt64> {
        if free == 0 { try findFree() }
        let taken = cursor..<cursor + min(count, free, 1 << 30)
        unsafe ext2fs_block_alloc_stats_range(handle, taken.lowerBound, UInt32(taken.count), 1)
        cursor = taken.upperBound
        free -= UInt64(taken.count)
        return taken
    }

    private mutating func findFree() throws(Ext4Error) {
        let map = unsafe handle.pointee.block_map
        let last = blockCount - 1
        var start: UInt64 = 0
        guard cursor <= last, unsafe ext2fs_find_first_zero_block_bitmap2(map, cursor, last, &start) == 0 else {
            throw Ext4Error(.misuse, "the file system has no block left: more was written than was counted")
        }
        var end: UInt64 = 0
        if unsafe ext2fs_find_first_set_block_bitmap2(map, start, last, &end) != 0 { end = blockCount }
        cursor = start
        free = end - start
    }

    // MARK: Inodes

    func noteInode(_ number: UInt32, isDirectory: Bool) {
        unsafe ext2fs_inode_alloc_stats2(handle, number, 1, isDirectory ? 1 : 0)
    }

    func write(_ inode: ext2_inode_large, _ number: UInt32) throws(Ext4Error) {
        var inode = inode
        try checked("ext2fs_write_inode_full") {
            unsafe withUnsafeMutableBytes(of: &inode) { bytes in
                let start = unsafe bytes.baseAddress?.assumingMemoryBound(to: ext2_inode.self)
                return unsafe ext2fs_write_inode_full(handle, number, start, Int32(bytes.count))
            }
        }
    }

    /// Into the inode, which must have been written, and one block where it has no room.
    mutating func setAttributes(_ attributes: [Ext4Metadata.Attribute], of number: UInt32) throws(Ext4Error) {
        var opened: OpaquePointer?
        try checked("ext2fs_xattrs_open") { unsafe ext2fs_xattrs_open(handle, number, &opened) }
        defer { unsafe _ = ext2fs_xattrs_close(&opened) }
        for attribute in attributes {
            let name = attribute.name.map { CChar(bitPattern: $0) } + [0]
            try checked("ext2fs_xattr_set \(String(decoding: attribute.name, as: UTF8.self))") {
                unsafe ext2fs_xattr_set(opened, name, attribute.value, attribute.value.count)
            }
        }
        // libext2fs may have taken the block at the cursor.
        free = 0
    }

    /// Writes all that libext2fs keeps in memory, and waits for the disk.
    func flush() throws(Ext4Error) {
        try checked("ext2fs_write_bitmaps") { unsafe ext2fs_write_bitmaps(handle) }
        try checked("ext2fs_flush") { unsafe ext2fs_flush(handle) }
    }
}
