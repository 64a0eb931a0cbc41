/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tcpclient connect HOST PORT COUNT THREADS [RATE]   COUNT connections in all, each read to its end and closed; at most
 *                                                    RATE a second in all, 0 or absent: as fast as possible
 * tcpclient procs   HOST PORT COUNT PARALLEL         the same by COUNT processes that connect once and exit
 * tcpclient refused HOST PORT COUNT THREADS          connections that the peer is to refuse
 * tcpclient abandon HOST PORT COUNT THREADS          connects in non-blocking mode, closed by the caller at once; the
 *                                                    address must not answer
 * tcpclient hold    HOST PORT COUNT                  opens COUNT, prints "ready", keeps them until SIGTERM, or until the
 *                                                    end of standard input if that is a pipe; SIGUSR1 closes half
 *
 * HOST is an address, or ADDRESS+N for N of them from that one on; PORT a port, or FIRST-LAST: connections go to all of
 * these in turn.
 * One line of key=value pairs on standard output tells what happened: made, refused, abandoned, failed, elapsed_ns,
 * received (bytes, by threads) and a count per errno. Exit status 0 when everything went as the mode expects, 1
 * otherwise, 2 on bad usage.
 */
#include "descriptors.h"
#include "targets.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ERRNO_LIMIT = 256, MAX_THREADS = 256 };

/* 0 stands for a connection that was made and read to its end; anything else is the errno of the first failing call. */
struct tally {
	long by_errno[ERRNO_LIMIT];
	/* bytes that were read; of threads only */
	long received;
};

struct worker {
	pthread_t thread;
	long number;
	long stride; /* how many workers take turns */
	long count;
	long pause_ns; /* between two starts; 0: none */
	struct tally tally;
};

static struct targets targets;
static bool abandon;

static void die(const char *what)
{
	fprintf(stderr, "tcpclient: %s: %s\n", what, strerror(errno));
	exit(1);
}

static long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000L + now.tv_nsec;
}

static void sleep_until(long deadline_ns)
{
	struct timespec at = { .tv_sec = deadline_ns / 1000000000L,
			       .tv_nsec = deadline_ns % 1000000000L };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
		;
}

/* Returns the descriptor, or the negated errno. */
static int open_connection(long turn, int flags)
{
	struct address target = targets_at(&targets, turn);
	int fd = socket(target.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);

	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&target.storage, target.length) < 0 &&
	    errno != EINPROGRESS) {
		int error = errno;

		close(fd);
		return -error;
	}
	return fd;
}

/* Of this thread's connections. */
static _Thread_local long received;

static int one_connection(long turn)
{
	char scratch[4096];
	ssize_t got;
	int fd = open_connection(turn, abandon ? SOCK_NONBLOCK : 0), error = 0;

	if (fd < 0)
		return -fd;
	if (!abandon) {
		while ((got = read(fd, scratch, sizeof(scratch))) > 0)
			received += got;
		/* Made and then broken: reported under its own errno (ECONNRESET), so that no total hides it. */
		error = got < 0 ? errno : 0;
	}
	close(fd);
	return error;
}

static void *work(void *argument)
{
	struct worker *self = argument;
	long start = now_ns();

	for (long i = 0; i < self->count; i++) {
		int error;

		if (self->pause_ns)
			sleep_until(start + i * self->pause_ns);
		error = one_connection(self->number + i * self->stride);
		self->tally.by_errno[error < ERRNO_LIMIT ? error : ERRNO_LIMIT - 1]++;
	}
	self->tally.received = received;
	return NULL;
}

static void run_threads(long count, long threads, long rate, struct tally *total)
{
	struct worker *workers = calloc(threads, sizeof(*workers));

	if (!workers)
		die("calloc");
	for (long i = 0; i < threads; i++) {
		workers[i].number = i;
		workers[i].stride = threads;
		workers[i].count = count / threads + (i < count % threads);
		workers[i].pause_ns = rate ? 1000000000L * threads / rate : 0;
		if ((errno = pthread_create(&workers[i].thread, NULL, work, &workers[i])) != 0)
			die("pthread_create");
	}
	for (long i = 0; i < threads; i++) {
		pthread_join(workers[i].thread, NULL);
		for (int error = 0; error < ERRNO_LIMIT; error++)
			total->by_errno[error] += workers[i].tally.by_errno[error];
		total->received += workers[i].tally.received;
	}
	free(workers);
}

static void reap(struct tally *total)
{
	int status;

	if (wait(&status) < 0)
		die("wait");
	total->by_errno[WIFEXITED(status) ? WEXITSTATUS(status) : EPROTO]++;
}

static void run_processes(long count, long parallel, struct tally *total)
{
	long alive = 0;

	for (long i = 0; i < count; i++) {
		pid_t child;

		if (alive == parallel) {
			reap(total);
			alive--;
		}
		child = fork();
		if (child < 0)
			die("fork");
		if (child == 0)
			_exit(one_connection(i));
		alive++;
	}
	while (alive-- > 0)
		reap(total);
}

static int report(const char *mode, const struct tally *total, long elapsed_ns)
{
	bool expect_refusal = strcmp(mode, "refused") == 0;
	long done = total->by_errno[0], refused = total->by_errno[ECONNREFUSED], failed = 0;

	for (int error = 1; error < ERRNO_LIMIT; error++)
		failed += total->by_errno[error];
	if (expect_refusal)
		failed -= refused;
	printf("mode=%s made=%ld refused=%ld abandoned=%ld failed=%ld elapsed_ns=%ld received=%ld",
	       mode, abandon ? 0 : done, refused, abandon ? done : 0, failed, elapsed_ns,
	       total->received);
	for (int error = 1; error < ERRNO_LIMIT; error++)
		if (total->by_errno[error])
			printf(" %s=%ld", strerrorname_np(error) ?: "other",
			       total->by_errno[error]);
	printf("\n");
	return failed == 0 && !(expect_refusal && done) ? 0 : 1;
}

/* Blocked signals reach process 1 of a container too, which never sees one that it neither blocks nor handles. */
static int open_signals(void)
{
	sigset_t wanted;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGTERM);
	sigaddset(&wanted, SIGINT);
	sigaddset(&wanted, SIGUSR1);
	sigprocmask(SIG_BLOCK, &wanted, NULL);
	return signalfd(-1, &wanted, SFD_CLOEXEC);
}

static void close_down_to(int *fds, long *open_now, long keep)
{
	while (*open_now > keep)
		close(fds[--*open_now]);
}

static int hold(long count)
{
	int *fds = calloc(count + 1, sizeof(*fds));
	struct signalfd_siginfo signal_info;
	struct stat input;
	long open_now = 0;
	bool piped = fstat(STDIN_FILENO, &input) == 0 && S_ISFIFO(input.st_mode);
	struct pollfd waited[] = {
		{ .fd = open_signals(), .events = POLLIN },
		{ .fd = piped ? STDIN_FILENO : -1, .events = POLLIN },
	};

	if (!fds || waited[0].fd < 0)
		die("hold");
	descriptors_allow(count + 64);
	while (open_now < count) {
		fds[open_now] = open_connection(open_now, 0);
		if (fds[open_now] < 0) {
			errno = -fds[open_now];
			die("connect");
		}
		open_now++;
	}
	printf("ready mode=hold made=%ld\n", count);
	fflush(stdout);
	for (;;) {
		char scratch[64];

		if (poll(waited, 2, -1) < 0)
			die("poll");
		if (waited[1].revents && read(STDIN_FILENO, scratch, sizeof(scratch)) <= 0)
			break;
		if (waited[0].revents) {
			if (read(waited[0].fd, &signal_info, sizeof(signal_info)) !=
			    sizeof(signal_info))
				die("signalfd");
			if (signal_info.ssi_signo != SIGUSR1)
				break;
			close_down_to(fds, &open_now, open_now / 2);
			printf("open=%ld\n", open_now);
			fflush(stdout);
		}
	}
	close_down_to(fds, &open_now, 0);
	free(fds);
	return 0;
}

static bool parse_count(const char *text, long least, long most, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	return errno == 0 && *text != '\0' && *end == '\0' && *out >= least && *out <= most;
}

static int usage(FILE *out)
{
	fprintf(out,
		"usage: tcpclient connect HOST PORT COUNT THREADS [RATE]\n"
		"       tcpclient procs HOST PORT COUNT PARALLEL\n"
		"       tcpclient refused|abandon HOST PORT COUNT THREADS\n"
		"       tcpclient hold HOST PORT COUNT\n"
		"HOST: ADDRESS or ADDRESS+N; PORT: PORT or FIRST-LAST; all of these in turn\n");
	return out == stdout ? 0 : 2;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	struct tally total = { 0 };
	long count, width = 1, rate = 0, start;
	bool holds = strcmp(mode, "hold") == 0, forks = strcmp(mode, "procs") == 0,
	     paced = argc == 7;

	if (strcmp(mode, "--help") == 0)
		return usage(stdout);
	abandon = strcmp(mode, "abandon") == 0;
	if (!holds && !forks && !abandon && strcmp(mode, "connect") != 0 &&
	    strcmp(mode, "refused") != 0)
		return usage(stderr);
	if (argc != (holds ? 5 : 6) && !(paced && strcmp(mode, "connect") == 0))
		return usage(stderr);
	if (!targets_parse(argv[2], argv[3], &targets) ||
	    !parse_count(argv[4], 0, 1000000000, &count) ||
	    (!holds && !parse_count(argv[5], 1, MAX_THREADS, &width)) ||
	    (paced && !parse_count(argv[6], 0, 1000000000, &rate)))
		return usage(stderr);
	if (holds)
		return hold(count);
	start = now_ns();
	if (forks)
		run_processes(count, width, &total);
	else
		run_threads(count, width, rate, &total);
	return report(mode, &total, now_ns() - start);
}
