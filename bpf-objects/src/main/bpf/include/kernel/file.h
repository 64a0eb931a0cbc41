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

struct vfsmount {
	struct super_block *mnt_sb;
};

/* What the kernel keeps around a vfsmount (fs/mount.h). */
struct mount {
	struct vfsmount mnt;
	/* first column of mountinfo */
	int mnt_id;
};

struct path {
	struct vfsmount *mnt;
};

struct file {
	/* FMODE_WRITE and others */
	unsigned int f_mode;
	struct path f_path;
	struct inode *f_inode;
	/* a struct socket if the inode lies in sockfs */
	void *private_data;
};

#pragma clang attribute pop
#pragma clang diagnostic pop

/* include/linux/fs.h */
#define FMODE_WRITE 2

/* include/uapi/linux/stat.h */
#define S_IFMT 0170000
#define S_IFREG 0100000

/* include/uapi/linux/magic.h; zfs lies outside the kernel. */
#define SOCKFS_MAGIC 0x534F434B
#define BTRFS_MAGIC 0x9123683E
#define ZFS_MAGIC 0x2FC12FC1
