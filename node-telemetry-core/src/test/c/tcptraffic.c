/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections that carry a known number of bytes.
 *
 * tcptraffic serve    PORT ADDRESS [PAUSE_MS]             answers each request with as many bytes as it asks for; waits
 *                                                         before it reads the first one of a connection
 * tcptraffic bequeath PORT ADDRESS                        listens, leaves the socket to a child and ends; the child ends after
 *                                                         a minute if nobody ends it before
 * tcptraffic exchange HOST PORT SEND RECEIVE COUNT        COUNT connections, one request each
 * tcptraffic stay     HOST PORT SEND RECEIVE              one connection: a request at once, "ready", and one more for
 *                                                         each line of standard input; closes at its end
 * tcptraffic leave    HOST PORT SEND RECEIVE COUNT        like exchange, but closes when it has sent all and reads nothing
 *
 * A request is a header of 16 bytes, which count, and what follows it. Clients print made, sent and received in bytes, and
 * connect_ns, the time that connect(2) took in all.
 */
#include "address.h"

#include <endian.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 65536, BACKLOG = 4096 };

/* Big endian. */
struct header {
	uint64_t follows;
	uint64_t wanted;
};

static const char block[BLOCK];
static long pause_ms;
static long connect_ns;

static void die(const char *what)
{
	fprintf(stderr, "tcptraffic: %s: %s\n", what, strerror(errno));
	exit(1);
}

static long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000L + now.tv_nsec;
}

static bool write_all(int fd, const void *data, size_t length)
{
	for (size_t done = 0; done < length;) {
		ssize_t wrote = write(fd, (const char *)data + done, length - done);

		if (wrote <= 0)
			return false;
		done += wrote;
	}
	return true;
}

static bool write_zeros(int fd, uint64_t length)
{
	for (uint64_t left = length; left > 0;) {
		size_t now = left < BLOCK ? left : BLOCK;

		if (!write_all(fd, block, now))
			return false;
		left -= now;
	}
	return true;
}

/* Returns how many bytes came before the end, the most wanted ones at best. */
static uint64_t read_all(int fd, void *keep, uint64_t length)
{
	char scratch[BLOCK];
	uint64_t done = 0;

	while (done < length) {
		uint64_t left = length - done;
		ssize_t got = keep ? read(fd, (char *)keep + done, left) :
				     read(fd, scratch, left < BLOCK ? left : BLOCK);

		if (got <= 0)
			break;
		done += got;
	}
	return done;
}

static void *answer(void *argument)
{
	int fd = (int)(intptr_t)argument;
	struct header header;

	if (pause_ms)
		usleep(pause_ms * 1000);
	while (read_all(fd, &header, sizeof(header)) == sizeof(header)) {
		if (read_all(fd, NULL, be64toh(header.follows)) != be64toh(header.follows) ||
		    !write_zeros(fd, be64toh(header.wanted)))
			break;
	}
	close(fd);
	return NULL;
}

static int listen_on(const struct address *address)
{
	int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, (const struct sockaddr *)&address->storage, address->length) < 0)
		die("bind");
	if (listen(fd, BACKLOG) < 0)
		die("listen");
	return fd;
}

static int bequeath(const struct address *address)
{
	pid_t child;

	listen_on(address);
	child = fork();
	if (child < 0)
		die("fork");
	if (child > 0)
		return 0;
	printf("ready\n");
	fflush(stdout);
	return (int)sleep(60);
}

static _Noreturn void serve(const struct address *address)
{
	pthread_attr_t detached;
	pthread_t thread;
	int fd = listen_on(address);

	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		int accepted = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

		if (accepted < 0) {
			if (errno != EINTR && errno != ECONNABORTED)
				die("accept");
			continue;
		}
		if (pthread_create(&thread, &detached, answer, (void *)(intptr_t)accepted) != 0)
			die("pthread_create");
	}
}

static int open_connection(const struct address *address)
{
	int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	long start = now_ns();

	if (fd < 0)
		die("socket");
	if (connect(fd, (const struct sockaddr *)&address->storage, address->length) < 0)
		die("connect");
	connect_ns += now_ns() - start;
	return fd;
}

static void request(int fd, long size, long wanted, bool read_answer)
{
	struct header header = { htobe64(size - sizeof(header)), htobe64(wanted) };

	if (!write_all(fd, &header, sizeof(header)) || !write_zeros(fd, size - sizeof(header)))
		die("write");
	if (read_answer && read_all(fd, NULL, wanted) != (uint64_t)wanted)
		die("read");
}

static void report(const char *word, long made, long requests, long size, long wanted)
{
	printf("%smade=%ld sent=%ld received=%ld connect_ns=%ld\n", word, made, requests * size,
	       requests * wanted, connect_ns);
	fflush(stdout);
}

static int stay(const struct address *address, long size, long wanted)
{
	int fd = open_connection(address);
	char line[64];
	long requests = 0;

	do {
		request(fd, size, wanted, true);
		report("ready ", 1, ++requests, size, wanted);
	} while (fgets(line, sizeof(line), stdin));
	close(fd);
	return 0;
}

static int exchange(const struct address *address, long size, long wanted, long count, bool leave)
{
	for (long i = 0; i < count; i++) {
		int fd = open_connection(address);

		request(fd, size, wanted, !leave);
		close(fd);
	}
	report("", count, count, size, leave ? 0 : wanted);
	return 0;
}

static bool number(const char *text, long least, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	return errno == 0 && *text != '\0' && *end == '\0' && *out >= least;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	bool serves = strcmp(mode, "serve") == 0, stays = strcmp(mode, "stay") == 0,
	     leaves = strcmp(mode, "leave") == 0;
	struct address address;
	long size, wanted, count = 1;

	signal(SIGPIPE, SIG_IGN);
	if (serves && (argc == 4 || (argc == 5 && number(argv[4], 0, &pause_ms))) &&
	    address_parse(argv[3], argv[2], &address))
		serve(&address);
	if (strcmp(mode, "bequeath") == 0 && argc == 4 && address_parse(argv[3], argv[2], &address))
		return bequeath(&address);
	if (!serves && argc == (stays ? 6 : 7) &&
	    (stays || leaves || strcmp(mode, "exchange") == 0) &&
	    address_parse(argv[2], argv[3], &address) &&
	    number(argv[4], sizeof(struct header), &size) && number(argv[5], 0, &wanted) &&
	    (stays || number(argv[6], 1, &count)))
		return stays ? stay(&address, size, wanted) :
			       exchange(&address, size, wanted, count, leaves);
	fprintf(stderr, "usage: tcptraffic serve PORT ADDRESS [PAUSE_MS]\n"
			"       tcptraffic bequeath PORT ADDRESS\n"
			"       tcptraffic exchange|leave HOST PORT SEND RECEIVE COUNT\n"
			"       tcptraffic stay HOST PORT SEND RECEIVE\n");
	return 2;
}
