/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logwriter [-a FILE] [-j SOCKET] [-d SOCKET] [-g FILE] [-e FILE] [-r RATE] [-l LENGTH] [-b LINES] [-s] COUNT TEMPLATE...
 *
 * Writes COUNT lines, numbered from 0, each by the next template in turn: %d in it becomes the line's number. A template
 * that begins with "2>" goes to standard error, others to standard output; one may hold several lines, which are written
 * at once and count as one.
 *
 *   -a FILE    all lines are appended to FILE, which is opened again on SIGHUP, as a daemon does whose log is rotated
 *   -j SOCKET  all lines are sent to the journal by its native protocol; "<3>" before a template is the priority
 *   -d SOCKET  all lines are sent as syslog messages (RFC 3164), such as to /dev/log
 *   -g FILE    begins when FILE is there
 *   -e FILE    makes FILE when all is written
 *   -r RATE    lines per second at most
 *   -l LENGTH  shorter lines are filled up to so many bytes, by a space and the digit 0
 *   -b LINES   so many lines by one write(2), if they all go to standard output; by default one
 *   -s         stays when it is done, until it is killed
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { MAX_TEXT = 1 << 20, DIGITS = 20 };

static const char *append_to, *journal, *syslog_socket;
static long length, per_write = 1;
static int file = -1;
static volatile sig_atomic_t reopen_file;
static char buffer[MAX_TEXT];
static size_t used;

static void die(const char *what)
{
	fprintf(stderr, "logwriter: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void on_hangup(int signal)
{
	reopen_file = signal;
}

static void open_file(void)
{
	if (file >= 0)
		close(file);
	file = open(append_to, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
	if (file < 0)
		die(append_to);
}

static void write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t written = write(fd, text, size);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			die("write");
		text += written;
		size -= written;
	}
}

static void connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (file >= 0)
		close(file);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	file = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (file < 0)
		die(path);
	/* whoever listens may be starting anew */
	while (connect(file, (struct sockaddr *)&address, sizeof(address)) < 0)
		usleep(10000);
}

static void send_datagram(const char *path, const char *text, size_t size)
{
	if (file < 0)
		connect_to(path);
	while (send(file, text, size, MSG_NOSIGNAL) < 0) {
		if (errno == EINTR)
			continue;
		connect_to(path);
	}
}

/* Appends what the template makes of a number, without a line feed; returns the length. */
static size_t render(char *to, const char *template, uint64_t number)
{
	const char *mark = strstr(template, "%d");
	size_t size = strlen(template);

	if (size + DIGITS + (size_t)length >= MAX_TEXT / 2) {
		fprintf(stderr, "logwriter: a template or LENGTH is too long\n");
		exit(2);
	}
	if (mark)
		size = sprintf(to, "%.*s%llu%s", (int)(mark - template), template,
			       (unsigned long long)number, mark + 2);
	else
		memcpy(to, template, size);
	if (size < (size_t)length) {
		to[size] = ' ';
		memset(to + size + 1, '0', length - size - 1);
		size = length;
	}
	return size;
}

static void flush(void)
{
	write_all(STDOUT_FILENO, buffer, used);
	used = 0;
}

static void write_line(const char *template, uint64_t number)
{
	char priority = '6';
	size_t size;

	if (template[0] == '<' && template[1] && template[2] == '>') {
		priority = template[1];
		template += 3;
	}
	if (journal) {
		size = sprintf(buffer,
			       "SYSLOG_IDENTIFIER=logwriter\nPRIORITY=%c\nMESSAGE=", priority);
		size += render(buffer + size, template, number);
		buffer[size++] = '\n';
		send_datagram(journal, buffer, size);
	} else if (syslog_socket) {
		/* facility 1: user-level messages */
		size = sprintf(buffer, "<%d>logwriter[%d]: ", 8 + priority - '0', (int)getpid());
		size += render(buffer + size, template, number);
		send_datagram(syslog_socket, buffer, size);
	} else if (append_to) {
		if (reopen_file) {
			reopen_file = 0;
			open_file();
		}
		size = render(buffer, template, number);
		buffer[size++] = '\n';
		write_all(file, buffer, size);
	} else if (strncmp(template, "2>", 2) == 0) {
		size = render(buffer, template + 2, number);
		buffer[size++] = '\n';
		write_all(STDERR_FILENO, buffer, size);
	} else {
		used += render(buffer + used, template, number);
		buffer[used++] = '\n';
		if (per_write == 1 || used > MAX_TEXT / 4 || (number + 1) % per_write == 0)
			flush();
	}
}

static uint64_t nanos(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

/* Waits until the line of this number is due. */
static void pace(uint64_t began, uint64_t number, long rate)
{
	uint64_t due = began + number * 1000000000ull / rate;
	uint64_t now = nanos();

	if (due > now)
		usleep((due - now) / 1000);
}

int main(int argc, char **argv)
{
	struct sigaction hangup = { .sa_handler = on_hangup, .sa_flags = SA_RESTART };
	const char *go = NULL, *done = NULL;
	uint64_t count, began;
	long rate = 0;
	int option, stay = 0;

	while ((option = getopt(argc, argv, "+a:j:d:g:e:r:l:b:s")) != -1) {
		switch (option) {
		case 'a':
			append_to = optarg;
			break;
		case 'j':
			journal = optarg;
			break;
		case 'd':
			syslog_socket = optarg;
			break;
		case 'g':
			go = optarg;
			break;
		case 'e':
			done = optarg;
			break;
		case 'r':
			rate = atol(optarg);
			break;
		case 'l':
			length = atol(optarg);
			break;
		case 'b':
			per_write = atol(optarg);
			break;
		case 's':
			stay = 1;
			break;
		default:
			return 2;
		}
	}
	if (argc - optind < 2) {
		fprintf(stderr, "logwriter: needs COUNT and TEMPLATE...\n");
		return 2;
	}
	count = strtoull(argv[optind++], NULL, 10);
	sigaction(SIGHUP, &hangup, NULL);
	if (append_to)
		open_file();
	while (go && access(go, F_OK) != 0)
		usleep(10000);
	began = nanos();
	for (uint64_t i = 0; i < count; i++) {
		if (rate > 0)
			pace(began, i, rate);
		write_line(argv[optind + i % (argc - optind)], i);
	}
	flush();
	if (done && close(open(done, O_WRONLY | O_CREAT | O_CLOEXEC, 0644)) < 0)
		die(done);
	while (stay)
		pause();
	return 0;
}
