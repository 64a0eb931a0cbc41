// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * The mounts that cgroups write to: an iterator over the open files of all tasks
 * (5.8). User space runs it now and then and reads the map; /proc/<pid>/fd of
 * every process says the same and costs some system calls per file.
 */
#include "cgroup_ref.h"
#include "drops.h"
#include "kernel/file.h"
#include "kernel/iterator.h"

char LICENSE[] SEC("license") = "GPL";

struct written_mount {
	struct cgroup_ref cgroup;
	__s32 mount_id;
	/* as super_block.s_dev: ids of mounts are used again */
	__u32 device;
};

_Static_assert(sizeof(struct written_mount) == 24, "shared with user space");

EXPORT_TYPE(written_mount);

/* When each was last found, in nanoseconds of CLOCK_MONOTONIC; user space removes what was not found again. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct written_mount);
	__type(value, __u64);
} written_mounts SEC(".maps");

/* A block device holds it, be it several of them. */
static __always_inline bool is_on_disk(const struct super_block *sb)
{
	unsigned long magic;

	if (BPF_CORE_READ(sb, s_dev) >> 20)
		return true;
	magic = BPF_CORE_READ(sb, s_magic);
	return magic == BTRFS_MAGIC || magic == ZFS_MAGIC;
}

SEC("iter/task_file")
int find_written_mounts(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct written_mount key = {};
	struct super_block *sb;
	struct vfsmount *mount;
	struct inode *inode;
	__u64 now, *seen;

	if (!task || !file)
		return 0;
	if (!(BPF_CORE_READ(file, f_mode) & FMODE_WRITE))
		return 0;
	inode = BPF_CORE_READ(file, f_inode);
	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFREG || !BPF_CORE_READ(inode, i_nlink))
		return 0;
	sb = BPF_CORE_READ(inode, i_sb);
	if (!is_on_disk(sb))
		return 0;
	cgroup_of_task(task, &key.cgroup);
	mount = BPF_CORE_READ(file, f_path.mnt);
	key.mount_id = BPF_CORE_READ(mount_of(mount), mnt_id);
	key.device = BPF_CORE_READ(sb, s_dev);
	now = bpf_ktime_get_ns();
	seen = bpf_map_lookup_elem(&written_mounts, &key);
	if (seen)
		*seen = now;
	else if (bpf_map_update_elem(&written_mounts, &key, &now, BPF_ANY))
		count_drop(DROP_MOUNT);
	return 0;
}
