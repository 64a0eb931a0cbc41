// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * The files below /var/log that processes have open to write logs to: an
 * iterator over the open files of all tasks (5.8), whose output user space
 * reads. bpf_d_path() would write paths as the reader sees them, and is not for
 * iterators before 5.12; so the names are followed up to the root directory of
 * the process itself, which tells chroot(2) too.
 */
#include "cgroup_ref.h"
#include "kernel/file.h"
#include "kernel/iterator.h"

char LICENSE[] SEC("license") = "GPL";

/* Names and mounts between a file and its root directory; what lies deeper is not found. A power of two. */
#define MAX_STEPS 64

/* The root directory of the process is not above the file: it was opened in another mount namespace, or before chroot(2). */
#define OPENED_ELSEWHERE 1
/* Its file system asks somebody else, who may be slow or gone. */
#define REMOTE 2

/* Followed by that many names, the file's own first, each ended by a zero. */
struct open_log {
	struct cgroup_ref cgroup;
	__s32 tgid;
	__s32 fd;
	__u32 how;
	__u32 names;
};

_Static_assert(sizeof(struct open_log) == 32, "shared with user space");

EXPORT_TYPE(open_log);

/*
 * The way from a file up to the root directory. It lies in a map for the verifier's
 * sake: what comes from there is any number, so one round of a loop is like another.
 */
struct way {
	struct dentry *root;
	struct mount *root_mount;
	/* where it has come to */
	struct dentry *dentry;
	struct mount *mount;
	/* those that give the path its names, the file first */
	struct dentry *names[MAX_STEPS];
	__u64 length;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct way);
} ways SEC(".maps");

enum step { NAME, MOUNT, ROOT, TOP };

/* One step up, and what it was. */
static __always_inline enum step ascend(struct way *way)
{
	struct dentry *dentry = way->dentry;
	struct mount *mount = way->mount;
	struct mount *above;

	if (dentry == way->root && mount == way->root_mount)
		return ROOT;
	if (dentry != BPF_CORE_READ(mount, mnt.mnt_root)) {
		way->names[way->length++ % MAX_STEPS] = dentry;
		way->dentry = BPF_CORE_READ(dentry, d_parent);
		return NAME;
	}
	above = BPF_CORE_READ(mount, mnt_parent);
	if (above == mount)
		return TOP;
	way->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
	way->mount = above;
	return MOUNT;
}

static __always_inline __u64 name_of(struct dentry *dentry, void *name, __u32 size)
{
	long length = bpf_probe_read_kernel_str(name, size, BPF_CORE_READ(dentry, d_name.name));

	return length < 0 || length > size ? 0 : length;
}

/* Eight letters as they lie in memory. */
#define LETTERS(a, b, c, d, e, f, g, h)                                                          \
	((__u64)(a) | (__u64)(b) << 8 | (__u64)(c) << 16 | (__u64)(d) << 24 | (__u64)(e) << 32 | \
	 (__u64)(f) << 40 | (__u64)(g) << 48 | (__u64)(h) << 56)

/* A name of up to 15 letters, the rest zero. */
static __always_inline bool is_named(struct dentry *dentry, __u64 letters, __u64 more)
{
	__u64 name[2] = {};

	return name_of(dentry, name, sizeof(name)) && name[0] == letters && name[1] == more;
}

/* These directories of /var/log are read otherwise. */
static __always_inline bool is_read_otherwise(struct dentry *directory)
{
	return is_named(directory, LETTERS('p', 'o', 'd', 's', 0, 0, 0, 0), 0) ||
	       is_named(directory, LETTERS('j', 'o', 'u', 'r', 'n', 'a', 'l', 0), 0) ||
	       is_named(directory, LETTERS('c', 'o', 'n', 't', 'a', 'i', 'n', 'e'),
			LETTERS('r', 's', 0, 0, 0, 0, 0, 0));
}

/* Which directory or file the path names, 0 for the one below the root. */
static __always_inline struct dentry *named(const struct way *way, __u64 place)
{
	return way->names[(way->length - 1 - place) % MAX_STEPS];
}

/* Whether it leads to a file that is below /var/log for the process. */
static __always_inline bool leads_to_log(struct way *way, __u32 *how)
{
	enum step step = NAME;
	__u32 i;

	way->length = 0;
	for (i = 0; i < MAX_STEPS && (step == NAME || step == MOUNT); i++)
		step = ascend(way);
	if (step == TOP)
		*how |= OPENED_ELSEWHERE;
	else if (step != ROOT)
		return false;
	if (way->length < 3 || !is_named(named(way, 0), LETTERS('v', 'a', 'r', 0, 0, 0, 0, 0), 0) ||
	    !is_named(named(way, 1), LETTERS('l', 'o', 'g', 0, 0, 0, 0, 0), 0))
		return false;
	return way->length == 3 || !is_read_otherwise(named(way, 2));
}

static __always_inline void write_names(struct seq_file *seq, const struct way *way)
{
	char name[256];
	__u32 i;

	for (i = 0; i < MAX_STEPS && i < way->length; i++) {
		__u64 length = name_of(way->names[i], name, sizeof(name));

		if (length <= sizeof(name))
			bpf_seq_write(seq, name, length);
	}
}

static __always_inline bool is_remote(const struct super_block *sb)
{
	unsigned long magic = BPF_CORE_READ(sb, s_magic);

	switch (magic) {
	case TMPFS_MAGIC:
	case RAMFS_MAGIC:
	case OVERLAYFS_MAGIC:
	case BTRFS_MAGIC:
	case ZFS_MAGIC:
	case BCACHEFS_MAGIC:
	case UBIFS_MAGIC:
		return false;
	case FUSE_MAGIC:
		return true;
	default:
		/* a block device holds it */
		return !(BPF_CORE_READ(sb, s_dev) >> 20);
	}
}

/* Logs are appended to: databases below /var/log are open for reading too, and are not. */
static __always_inline bool is_for_logging(__u32 flags)
{
	return (flags & O_ACCMODE) == O_WRONLY ||
	       (flags & (O_ACCMODE | O_APPEND)) == (O_RDWR | O_APPEND);
}

SEC("iter/task_file")
int find_open_logs(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct open_log found = {};
	struct way *way;
	struct vfsmount *mount;
	struct inode *inode;
	struct fs_struct *fs;
	__u32 zero = 0;

	if (!task || !file)
		return 0;
	if (!is_for_logging(file->f_flags))
		return 0;
	inode = BPF_CORE_READ(file, f_inode);
	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFREG || !BPF_CORE_READ(inode, i_nlink))
		return 0;
	fs = BPF_CORE_READ(task, fs);
	way = bpf_map_lookup_elem(&ways, &zero);
	if (!fs || !way)
		return 0;
	way->root = BPF_CORE_READ(fs, root.dentry);
	mount = BPF_CORE_READ(fs, root.mnt);
	way->root_mount = mount_of(mount);
	way->dentry = BPF_CORE_READ(file, f_path.dentry);
	mount = BPF_CORE_READ(file, f_path.mnt);
	way->mount = mount_of(mount);
	if (!leads_to_log(way, &found.how))
		return 0;
	found.names = (__u32)way->length;
	if (is_remote(BPF_CORE_READ(inode, i_sb)))
		found.how |= REMOTE;
	cgroup_of_task(task, &found.cgroup);
	found.tgid = BPF_CORE_READ(task, tgid);
	found.fd = (__s32)ctx->fd;
	bpf_seq_write(ctx->meta->seq, &found, sizeof(found));
	write_names(ctx->meta->seq, way);
	return 0;
}
