/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tcpserver [-k | -s BYTES] PORT [ADDRESS]     accepts connections; PORT 0 takes a free one; ADDRESS defaults to 0.0.0.0
 *
 * It closes each connection at once. Who closes first keeps the port in TIME_WAIT: were it the client, a load test would
 * run out of ports after some ten thousands of connections and then measure the search for a free one.
 * -s sends that many bytes before, 64 KiB at most; -k keeps every connection until its client closes it.
 * Prints "ready port=N" when it listens, and ends on SIGTERM or SIGINT.
 */
#include "address.h"
#include "descriptors.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { ACCEPT_THREADS = 4, BACKLOG = 65535, EVENTS = 64, KEPT_CONNECTIONS = 1000000 };
enum { MOST_TO_SEND = 65536 };

static int listener;
static long to_send;

static void die(const char *what)
{
	fprintf(stderr, "tcpserver: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* A connection reset before it was accepted, or a full descriptor table, concerns that connection alone. */
static int accept_one(void)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0 && errno != EINTR && errno != ECONNABORTED && errno != EMFILE && errno != EAGAIN)
		die("accept");
	return fd;
}

static void *close_first(void *unused)
{
	static const char zeros[MOST_TO_SEND];

	(void)unused;
	for (;;) {
		int fd = accept_one();

		if (fd < 0)
			continue;
		/* a client that went before it got them all is no concern of the server */
		for (long sent = 0, now = 0; sent < to_send && now >= 0; sent += now)
			now = send(fd, zeros, to_send - sent, MSG_NOSIGNAL);
		close(fd);
	}
	return NULL;
}

static void *close_after_client(void *unused)
{
	struct epoll_event events[EVENTS];
	struct epoll_event wanted = { .events = EPOLLIN | EPOLLEXCLUSIVE, .data.fd = listener };
	int poller = epoll_create1(EPOLL_CLOEXEC);

	(void)unused;
	if (poller < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, listener, &wanted) < 0)
		die("epoll");
	for (;;) {
		int ready = epoll_wait(poller, events, EVENTS, -1);

		for (int i = 0; i < ready; i++) {
			int fd = events[i].data.fd;
			char scratch[4096];

			if (fd == listener) {
				struct epoll_event read_end = { .events = EPOLLIN | EPOLLRDHUP };

				read_end.data.fd = accept_one();
				if (read_end.data.fd >= 0 &&
				    epoll_ctl(poller, EPOLL_CTL_ADD, read_end.data.fd, &read_end) <
					    0)
					die("epoll");
			} else if (read(fd, scratch, sizeof(scratch)) <= 0) {
				close(fd);
			}
		}
	}
	return NULL;
}

int main(int argc, char **argv)
{
	bool keep = argc > 1 && strcmp(argv[1], "-k") == 0;
	struct address address;
	sigset_t stop;
	int one = 1, zero = 0, signal_number;

	argv += keep;
	argc -= keep;
	if (!keep && argc > 2 && strcmp(argv[1], "-s") == 0) {
		to_send = strtol(argv[2], NULL, 10);
		argv += 2;
		argc -= 2;
	}
	if (argc < 2 || argc > 3 || to_send < 0 || to_send > MOST_TO_SEND ||
	    !address_parse(argc > 2 ? argv[2] : "0.0.0.0", argv[1], &address)) {
		fprintf(stderr, "usage: tcpserver [-k | -s BYTES] PORT [ADDRESS]\n");
		return 2;
	}
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);

	if (keep)
		descriptors_allow(KEPT_CONNECTIONS + 64);
	listener = socket(address.storage.ss_family,
			  SOCK_STREAM | SOCK_CLOEXEC | (keep ? SOCK_NONBLOCK : 0), 0);
	if (listener < 0)
		die("socket");
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (address.storage.ss_family == AF_INET6)
		setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero));
	if (bind(listener, (struct sockaddr *)&address.storage, address.length) < 0)
		die("bind");
	if (listen(listener, BACKLOG) < 0)
		die("listen");
	getsockname(listener, (struct sockaddr *)&address.storage, &address.length);
	for (int i = 0; i < ACCEPT_THREADS; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, keep ? close_after_client : close_first, NULL) !=
		    0)
			die("pthread_create");
	}
	printf("ready port=%u\n", address_port(&address));
	fflush(stdout);
	sigwait(&stop, &signal_number);
	return 0;
}
