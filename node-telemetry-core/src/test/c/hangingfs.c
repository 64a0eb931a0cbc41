/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hangingfs BLOCK_DEVICE MOUNT_POINT    a file system on a block device that stops to answer statfs(2) on demand
 *
 * It holds one empty file, "file", that can be opened and appended to. SIGUSR1: statfs is no longer answered. SIGUSR2: it
 * is, those that wait included. Prints "ready" when it is mounted. Ends on SIGTERM and at
 * the end of standard input: what waits then fails, and it can be unmounted.
 *
 * Speaks the protocol of linux/fuse.h itself. The kernel gives a fuseblk file system the number of its device, as it does
 * for every other on a disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
	FILE_NODE = 2,
	MAX_HELD = 64,
	BLOCK_BYTES = 4096,
	BLOCKS = 1000,
	FREE_BLOCKS = 400,
	AVAILABLE_BLOCKS = 350
};

static int fuse;
static volatile sig_atomic_t hanging, released, ended;
static __u64 held[MAX_HELD];
static int held_count;

static void on_signal(int number)
{
	if (number == SIGUSR1)
		hanging = 1;
	else if (number == SIGUSR2)
		released = 1;
	else
		ended = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "hangingfs: %s: %s\n", what, strerror(errno));
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

static struct fuse_attr attributes(__u64 node)
{
	struct fuse_attr attr = { .ino = node, .nlink = 1, .blksize = BLOCK_BYTES };

	attr.mode = node == FILE_NODE ? S_IFREG | 0666 : S_IFDIR | 0777;
	return attr;
}

static void reply_statfs(__u64 unique)
{
	struct fuse_statfs_out out = {
		.st = { .blocks = BLOCKS,
			.bfree = FREE_BLOCKS,
			.bavail = AVAILABLE_BLOCKS,
			.bsize = 16 * BLOCK_BYTES,
			.frsize = BLOCK_BYTES,
			.namelen = 255 },
	};

	reply(unique, 0, &out, sizeof(out));
}

static void init(__u64 unique, const struct fuse_init_in *in)
{
	struct fuse_init_out out = { .major = FUSE_KERNEL_VERSION,
				     .minor = FUSE_KERNEL_MINOR_VERSION };

	out.max_readahead = in->max_readahead;
	out.max_write = BLOCK_BYTES;
	reply(unique, 0, &out, sizeof(out));
}

static void lookup(__u64 unique, const char *name)
{
	struct fuse_entry_out out = { .nodeid = FILE_NODE, .attr = attributes(FILE_NODE) };

	if (strcmp(name, "file") == 0)
		reply(unique, 0, &out, sizeof(out));
	else
		reply(unique, -ENOENT, NULL, 0);
}

static void handle(const struct fuse_in_header *in)
{
	const void *body = in + 1;
	struct fuse_attr_out attr = { .attr = attributes(in->nodeid) };
	struct fuse_open_out open = { .fh = 1 };

	switch (in->opcode) {
	case FUSE_INIT:
		init(in->unique, body);
		break;
	case FUSE_LOOKUP:
		lookup(in->unique, body);
		break;
	case FUSE_GETATTR:
	case FUSE_SETATTR:
		reply(in->unique, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		reply(in->unique, 0, &open, sizeof(open));
		break;
	case FUSE_STATFS:
		if (hanging && held_count < MAX_HELD)
			held[held_count++] = in->unique;
		else
			reply_statfs(in->unique);
		break;
	case FUSE_FLUSH:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_READDIR:
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

static void release(void)
{
	released = 0;
	hanging = 0;
	while (held_count > 0)
		reply_statfs(held[--held_count]);
}

static void serve(void)
{
	/* max_write and the largest header there is */
	static char request[FUSE_MIN_READ_BUFFER + BLOCK_BYTES] __attribute__((aligned(8)));

	struct pollfd from[] = { { .fd = fuse, .events = POLLIN },
				 { .fd = STDIN_FILENO, .events = POLLIN } };
	sigset_t none;

	sigemptyset(&none);
	while (!ended) {
		if (released)
			release();
		/* signals come here and nowhere else */
		if (ppoll(from, 2, NULL, &none) < 0)
			continue;
		/* whoever started it is gone, and with it whoever would end the hanging */
		if (from[1].revents)
			return;
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
	struct sigaction action = { .sa_handler = on_signal };
	sigset_t blocked;
	char options[128];

	if (argc != 3) {
		fprintf(stderr, "usage: hangingfs BLOCK_DEVICE MOUNT_POINT\n");
		return 2;
	}
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigaddset(&blocked, SIGUSR2);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	fuse = open("/dev/fuse", O_RDWR);
	if (fuse < 0)
		die("/dev/fuse");
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other,blksize=%d", fuse,
		 BLOCK_BYTES);
	if (mount(argv[1], argv[2], "fuseblk", MS_NOSUID | MS_NODEV, options) < 0)
		die("mount");
	puts("ready");
	fflush(stdout);
	serve();
	return 0;
}
