/* SPDX-License-Identifier: Apache-2.0 */
/*
 * echodelay 4|6 MICROS
 *
 * Answers ICMP echo requests in the kernel's place, MICROS after they came; the kernel is to be told by
 * net.ipv4.icmp_echo_ignore_all or net.ipv6.icmp.echo_ignore_all to leave that alone.
 *
 * Prints "ready", and then for each answer "SEQUENCE NANOS": how long it really took by the kernel's timestamps
 * (Documentation/networking/timestamping.rst), from the arrival of the request at the device to the departure of the answer.
 * Ends when standard input does.
 */
#include <errno.h>
#include <time.h>

#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool ipv6;

static void die(const char *what)
{
	fprintf(stderr, "echodelay: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_socket(void)
{
	int stamps = SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_TX_SOFTWARE |
		     SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY;
	int fd = ipv6 ? socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMPV6) :
			socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	struct icmp_filter hear = { .data = ~(1U << ICMP_ECHO) };
	struct icmp6_filter hear6;

	if (fd < 0)
		die("socket");
	memset(&hear6, 0xff, sizeof(hear6));
	hear6.data[ICMPV6_ECHO_REQUEST / 32] &= ~(1U << (ICMPV6_ECHO_REQUEST % 32));
	if ((ipv6 ? setsockopt(fd, SOL_ICMPV6, ICMPV6_FILTER, &hear6, sizeof(hear6)) :
		    setsockopt(fd, SOL_RAW, ICMP_FILTER, &hear, sizeof(hear))) < 0)
		die("filter");
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, &stamps, sizeof(stamps)) < 0)
		die("SO_TIMESTAMPING");
	return fd;
}

/* The software's timestamp of a message; 0 if it bears none. */
static int64_t stamp_of(struct msghdr *message)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPING) {
			struct timespec time;

			memcpy(&time, CMSG_DATA(c), sizeof(time));
			return time.tv_sec * 1000000000LL + time.tv_nsec;
		}
	}
	return 0;
}

static ssize_t take(int fd, int flags, uint8_t *data, size_t size, struct sockaddr_in6 *from,
		    int64_t *stamp)
{
	char control[512];
	struct iovec part = { .iov_base = data, .iov_len = size };
	struct msghdr message = {
		.msg_name = from,
		.msg_namelen = from ? sizeof(*from) : 0,
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t length = recvmsg(fd, &message, flags);

	if (length >= 0)
		*stamp = stamp_of(&message);
	return length;
}

/* Turns a request into its answer. RFC 1624: the checksum changes by what the type changes by. */
static void turn_round(uint8_t *icmp)
{
	uint32_t sum;

	if (ipv6) {
		icmp[0] = ICMPV6_ECHO_REPLY;
		return;
	}
	icmp[0] = ICMP_ECHOREPLY;
	sum = ((uint32_t)icmp[2] << 8 | icmp[3]) + (ICMP_ECHO << 8);
	sum = (sum & 0xffff) + (sum >> 16);
	icmp[2] = sum >> 8;
	icmp[3] = sum & 0xff;
}

static void answer(int fd, long micros)
{
	uint8_t packet[2048];
	struct sockaddr_in6 from;
	int64_t came, left = 0;
	ssize_t length = take(fd, 0, packet, sizeof(packet), &from, &came);
	size_t header = length > 0 && !ipv6 ? (packet[0] & 0xfu) * 4 : 0;
	struct timespec pause = { .tv_sec = micros / 1000000, .tv_nsec = micros % 1000000 * 1000 };

	if (length < (ssize_t)header + 8)
		die("recvmsg");
	uint8_t *icmp = packet + header;
	struct pollfd stamped = { .fd = fd };

	nanosleep(&pause, NULL);
	turn_round(icmp);
	if (ipv6)
		from.sin6_port = 0;
	if (sendto(fd, icmp, length - header, 0, (struct sockaddr *)&from,
		   ipv6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in)) < 0)
		die("sendto");
	uint8_t rest[64];

	if (poll(&stamped, 1, 1000) != 1 ||
	    take(fd, MSG_ERRQUEUE, rest, sizeof(rest), NULL, &left) < 0)
		die("timestamp of the answer");
	if (came == 0 || left == 0)
		printf("%d untimed\n", icmp[6] << 8 | icmp[7]);
	else
		printf("%d %lld\n", icmp[6] << 8 | icmp[7], (long long)(left - came));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: echodelay 4|6 MICROS\n");
		return 2;
	}
	ipv6 = argv[1][0] == '6';
	int fd = open_socket();
	struct pollfd wait[] = { { .fd = fd, .events = POLLIN }, { .fd = 0, .events = POLLIN } };

	printf("ready\n");
	fflush(stdout);
	while (poll(wait, 2, -1) > 0 && wait[1].revents == 0) {
		if (wait[0].revents & POLLIN)
			answer(fd, atol(argv[2]));
	}
	return 0;
}
