/* SPDX-License-Identifier: Apache-2.0 */
/*
 * faultyfs DIRECTORY MOUNT_POINT    shows the files of a directory as a network file system would, and fails on demand
 *
 * What changes in the directory is seen at the mount point, and inotify says nothing of it there. Prints "ready" when it is
 * mounted. Obeys letters from standard input and answers each with "ok": after "f" files that were looked up by then cannot
 * be read (EIO), after "o" none can be opened, after "w" both works again. Ends on SIGTERM and at the end of standard
 * input.
 *
 * Speaks the protocol of linux/fuse.h itself. For reading alone, and without directories below the first.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { MAX_FILES = 256, MAX_READ = 1 << 17, NAME_BYTES = 256 };

static int fuse, directory;

/* Files that were looked up: those that are removed stay readable. Node 1 is the directory, the next the first of these. */
static int files[MAX_FILES];
static ino_t inodes[MAX_FILES];
static int file_count, failing_count, closed;

static void die(const char *what)
{
	fprintf(stderr, "faultyfs: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void reply(__u64 unique, int error, const void *body, size_t size)
{
	struct fuse_out_header header = { .len = sizeof(header) + size,
					  .error = error,
					  .unique = unique };
	struct iovec parts[] = { { &header, sizeof(header) }, { (void *)body, size } };

	/* ENOENT: whoever asked was killed meanwhile */
	if (writev(fuse, parts, 2) < 0 && errno != ENOENT)
		die("writev");
}

static int opened(__u64 node)
{
	return node == FUSE_ROOT_ID ? directory : files[node - FUSE_ROOT_ID - 1];
}

static int attributes(int fd, struct fuse_attr *attr)
{
	struct stat stat;

	if (fstat(fd, &stat) < 0)
		return -errno;
	*attr = (struct fuse_attr){ .ino = stat.st_ino,
				    .size = stat.st_size,
				    .blocks = stat.st_blocks,
				    .mtime = stat.st_mtim.tv_sec,
				    .mtimensec = stat.st_mtim.tv_nsec,
				    .ctime = stat.st_ctim.tv_sec,
				    .ctimensec = stat.st_ctim.tv_nsec,
				    .mode = stat.st_mode,
				    .nlink = stat.st_nlink,
				    .blksize = stat.st_blksize };
	return 0;
}

static void init(__u64 unique, const struct fuse_init_in *in)
{
	struct fuse_init_out out = { .major = FUSE_KERNEL_VERSION,
				     .minor = FUSE_KERNEL_MINOR_VERSION };

	out.max_readahead = in->max_readahead;
	out.max_write = 4096;
	reply(unique, 0, &out, sizeof(out));
}

static int node_of(const char *name, uint64_t *node)
{
	struct stat stat;
	int fd;

	if (fstatat(directory, name, &stat, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	for (int i = 0; i < file_count; i++) {
		if (inodes[i] == stat.st_ino) {
			*node = FUSE_ROOT_ID + 1 + i;
			return 0;
		}
	}
	if (!S_ISREG(stat.st_mode) || file_count == MAX_FILES)
		return -ENOENT;
	fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	files[file_count] = fd;
	inodes[file_count++] = stat.st_ino;
	*node = FUSE_ROOT_ID + file_count;
	return 0;
}

static void lookup(__u64 unique, const char *name)
{
	struct fuse_entry_out out = { 0 };
	int error = node_of(name, &out.nodeid);

	if (error == 0)
		error = attributes(opened(out.nodeid), &out.attr);
	reply(unique, error, &out, error == 0 ? sizeof(out) : 0);
}

static void get_attributes(__u64 unique, __u64 node)
{
	struct fuse_attr_out out = { 0 };
	int error = attributes(opened(node), &out.attr);

	reply(unique, error, &out, error == 0 ? sizeof(out) : 0);
}

static void read_file(__u64 unique, __u64 node, const struct fuse_read_in *in)
{
	static char bytes[MAX_READ];
	size_t wanted = in->size < MAX_READ ? in->size : MAX_READ;
	ssize_t size = pread(opened(node), bytes, wanted, in->offset);

	if (node - FUSE_ROOT_ID - 1 < (__u64)failing_count)
		reply(unique, -EIO, NULL, 0);
	else
		reply(unique, size < 0 ? -errno : 0, bytes, size < 0 ? 0 : size);
}

static void read_names(__u64 unique, const struct fuse_read_in *in)
{
	static char bytes[MAX_READ] __attribute__((aligned(8)));
	size_t room = in->size < MAX_READ ? in->size : MAX_READ, size = 0;
	DIR *names = fdopendir(openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	struct dirent *name;

	if (names == NULL)
		die("fdopendir");
	for (__u64 index = 1; (name = readdir(names)) != NULL; index++) {
		struct fuse_dirent *entry = (struct fuse_dirent *)(bytes + size);
		size_t length = strlen(name->d_name);

		if (index <= in->offset)
			continue;
		if (size + FUSE_DIRENT_ALIGN(FUSE_NAME_OFFSET + length) > room)
			break;
		entry->ino = name->d_ino;
		entry->off = index;
		entry->namelen = length;
		entry->type = name->d_type;
		memcpy(entry->name, name->d_name, length);
		size += FUSE_DIRENT_SIZE(entry);
	}
	closedir(names);
	reply(unique, 0, bytes, size);
}

static void handle(const struct fuse_in_header *in)
{
	const void *body = in + 1;
	struct fuse_open_out open = { .fh = 1 };
	struct fuse_statfs_out statfs = { .st = { .bsize = 4096, .namelen = NAME_BYTES - 1 } };

	switch (in->opcode) {
	case FUSE_INIT:
		init(in->unique, body);
		break;
	case FUSE_LOOKUP:
		lookup(in->unique, body);
		break;
	case FUSE_GETATTR:
		get_attributes(in->unique, in->nodeid);
		break;
	case FUSE_OPEN:
		/* nothing stays in the page cache: each read(2) comes here */
		open.open_flags = FOPEN_DIRECT_IO;
		reply(in->unique, closed ? -EIO : 0, &open, closed ? 0 : sizeof(open));
		break;
	case FUSE_OPENDIR:
		reply(in->unique, 0, &open, sizeof(open));
		break;
	case FUSE_READ:
		read_file(in->unique, in->nodeid, body);
		break;
	case FUSE_READDIR:
		read_names(in->unique, body);
		break;
	case FUSE_STATFS:
		reply(in->unique, 0, &statfs, sizeof(statfs));
		break;
	case FUSE_FLUSH:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
		reply(in->unique, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		/* these are not answered */
		break;
	default:
		reply(in->unique, -ENOSYS, NULL, 0);
	}
}

/* Returns 0 at the end of standard input. */
static int obey(void)
{
	char command;

	if (read(STDIN_FILENO, &command, 1) <= 0)
		return 0;
	if (command == 'f' || command == 'o' || command == 'w') {
		failing_count = command == 'f' ? file_count : 0;
		closed = command == 'o';
		puts("ok");
		fflush(stdout);
	}
	return 1;
}

static void serve(void)
{
	static char request[FUSE_MIN_READ_BUFFER + 4096] __attribute__((aligned(8)));
	struct pollfd from[] = { { .fd = fuse, .events = POLLIN },
				 { .fd = STDIN_FILENO, .events = POLLIN } };

	while (poll(from, 2, -1) >= 0) {
		if (from[1].revents && !obey())
			return;
		if (!from[0].revents)
			continue;
		if (read(fuse, request, sizeof(request)) > 0)
			handle((const struct fuse_in_header *)request);
		else if (errno == ENODEV)
			return;
		else if (errno != EINTR && errno != ENOENT && errno != EAGAIN)
			die("read");
	}
}

int main(int argc, char **argv)
{
	char options[128];

	if (argc != 3) {
		fprintf(stderr, "usage: faultyfs DIRECTORY MOUNT_POINT\n");
		return 2;
	}
	directory = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		die(argv[1]);
	fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (fuse < 0)
		die("/dev/fuse");
	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
		 fuse);
	if (mount("faultyfs", argv[2], "fuse", MS_NOSUID | MS_NODEV | MS_RDONLY, options) < 0)
		die("mount");
	puts("ready");
	fflush(stdout);
	serve();
	return 0;
}
