/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waiter procs|threads COUNT MILLIS PARALLEL
 *
 * Starts COUNT processes (threads), PARALLEL of them at a time. Each computes until it has used MILLIS of CPU time, so
 * that with more of them than processors all wait for their turn, and ends.
 *
 * Prints "tasks=N run_delay_nanos=M": how many ran, itself included, and for how long they waited for a processor, from
 * schedstat (Documentation/scheduler/sched-stats.rst): of processes when they are dead, of threads just before their end.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PARALLEL = 64 };

static long cpu_nanos;

static void die(const char *what)
{
	fprintf(stderr, "waiter: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void compute(void)
{
	struct timespec used;

	do
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	while (used.tv_sec * 1000000000L + used.tv_nsec < cpu_nanos);
}

static uint64_t run_delay_in(const char *schedstat)
{
	unsigned long long on_cpu, delay;
	char line[128] = "";
	int fd = open(schedstat, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, line, sizeof(line) - 1) <= 0 ||
	    sscanf(line, "%llu %llu", &on_cpu, &delay) != 2)
		die(schedstat);
	close(fd);
	return delay;
}

static uint64_t run_delay(void)
{
	return run_delay_in("/proc/thread-self/schedstat");
}

static uint64_t run_delay_of_dead_child(void)
{
	char path[64];
	uint64_t delay;
	siginfo_t child;

	/* left unreaped, so that it can be read once more */
	if (waitid(P_ALL, 0, &child, WEXITED | WNOWAIT) < 0)
		die("waitid");
	snprintf(path, sizeof(path), "/proc/%d/schedstat", child.si_pid);
	delay = run_delay_in(path);
	if (waitpid(child.si_pid, NULL, 0) < 0)
		die("waitpid");
	return delay;
}

static uint64_t run_processes(int count, int parallel)
{
	uint64_t sum = 0;
	int running = 0;

	while (count > 0 || running > 0) {
		if (count > 0 && running < parallel) {
			pid_t child = fork();

			if (child < 0)
				die("fork");
			if (child == 0) {
				compute();
				_exit(0);
			}
			count--;
			running++;
		} else {
			sum += run_delay_of_dead_child();
			running--;
		}
	}
	return sum;
}

static void *one_thread(void *result)
{
	compute();
	*(uint64_t *)result = run_delay();
	return NULL;
}

/* As many rows of threads, one after the other in each, as there are to be at a time. */
struct row {
	pthread_t thread;
	uint64_t sum;
	int count;
};

static void *one_row(void *argument)
{
	struct row *row = argument;

	for (int i = 0; i < row->count; i++) {
		pthread_t thread;
		uint64_t delay;

		if (pthread_create(&thread, NULL, one_thread, &delay) != 0 ||
		    pthread_join(thread, NULL) != 0)
			die("thread");
		row->sum += delay;
	}
	row->sum += run_delay();
	return NULL;
}

static uint64_t run_threads(int count, int parallel)
{
	struct row rows[MAX_PARALLEL] = {};
	uint64_t sum = 0;

	for (int i = 0; i < parallel; i++) {
		rows[i].count = count / parallel + (i < count % parallel);
		if (pthread_create(&rows[i].thread, NULL, one_row, &rows[i]) != 0)
			die("pthread_create");
	}
	for (int i = 0; i < parallel; i++) {
		pthread_join(rows[i].thread, NULL);
		sum += rows[i].sum;
	}
	return sum;
}

int main(int argc, char **argv)
{
	int count = argc == 5 ? atoi(argv[2]) : 0;
	int parallel = argc == 5 ? atoi(argv[4]) : 0;
	uint64_t sum;

	if (count < 1 || parallel < 1 || parallel > MAX_PARALLEL) {
		fprintf(stderr, "usage: waiter procs|threads COUNT MILLIS PARALLEL\n");
		return 2;
	}
	cpu_nanos = atol(argv[3]) * 1000000L;
	if (strcmp(argv[1], "threads") == 0) {
		sum = run_threads(count, parallel);
		count += parallel;
	} else {
		sum = run_processes(count, parallel);
	}
	printf("tasks=%d run_delay_nanos=%llu\n", count + 1,
	       (unsigned long long)(sum + run_delay()));
	return 0;
}
