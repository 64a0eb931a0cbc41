/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The fields of the kernel's open files and mounts that we read; CO-RE finds their places. */
#pragma once

#include "types.h"

#pragma clang diagnostic push
/* only the fields named here exist for us: padding says nothing */
#pragma clang diagnostic ignored "-Wpadded"
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct super_block {
	/* minor in the lower 20 bits, above them major; 0 for those without one block device */
	__u32 s_dev;
	unsigned long s_magic;
};

struct inode {
	/* type and permissions as in stat(2) */
	unsigned short i_mode;
	/* 0 once the last name is gone */
	unsigned int i_nlink;
	struct super_block *i_sb;
};

struct qstr {
	const unsigned char *name;
};

/* A name in a directory. */
struct dentry {
	/* itself for the root of a file system */
	struct dentry *d_parent;
	struct qstr d_name;
};

struct vfsmount {
	/* what of the file system is seen at the mount point */
	struct dentry *mnt_root;
	struct super_block *mnt_sb;
};

/* What the kernel keeps around a vfsmount (fs/mount.h). */
struct mount {
	/* itself for the topmost of a mount namespace */
	struct mount *mnt_parent;
	/* in mnt_parent */
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
	/* first column of mountinfo */
	int mnt_id;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

/* What a process takes for its root directory. */
struct fs_struct {
	struct path root;
};

struct file {
	/* FMODE_WRITE and others */
	unsigned int f_mode;
	/* as given to open(2), but for those that matter to the call alone */
	unsigned int f_flags;
	struct path f_path;
	struct inode *f_inode;
	/* a struct socket if the inode lies in sockfs */
	void *private_data;
};

#pragma clang attribute pop
#pragma clang diagnostic pop

/* include/linux/fs.h */
#define FMODE_WRITE 2

/* include/uapi/asm-generic/fcntl.h; the same on all architectures with little-endian BPF but for alpha and mips */
#define O_ACCMODE 3
#define O_WRONLY 1
#define O_RDWR 2
#define O_APPEND 02000

/* include/uapi/linux/stat.h */
#define S_IFMT 0170000
#define S_IFREG 0100000

/* include/uapi/linux/magic.h; zfs and bcachefs lie outside the kernel, ubifs has its own in its sources. */
#define SOCKFS_MAGIC 0x534F434B
#define BTRFS_MAGIC 0x9123683E
#define ZFS_MAGIC 0x2FC12FC1
#define BCACHEFS_MAGIC 0xCA451A4E
#define FUSE_MAGIC 0x65735546
#define OVERLAYFS_MAGIC 0x794C7630
#define RAMFS_MAGIC 0x858458F6
#define TMPFS_MAGIC 0x01021994
#define UBIFS_MAGIC 0x24051905

static __always_inline struct mount *mount_of(struct vfsmount *vfsmount)
{
	struct mount *mount = NULL;

	return (void *)vfsmount - bpf_core_field_offset(mount->mnt);
}
