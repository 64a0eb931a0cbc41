/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
#pragma once

#include "types.h"

#pragma clang diagnostic push
/* only the fields named here exist for us: padding says nothing */
#pragma clang diagnostic ignored "-Wpadded"
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* Empty in kernels that account neither schedstats nor delays. */
struct sched_info {
	/* nanoseconds of being ready without running */
	unsigned long long run_delay;
};

/* Accounting of delays, Documentation/accounting/delay-accounting.rst. */
struct task_delay_info {
	/* nanoseconds of waiting for synchronous block I/O */
	__u64 blkio_delay;
};

struct task_struct {
	/* PF_KTHREAD tells a kernel worker from a process, PF_EXITING one that is in do_exit() */
	unsigned int flags;
	/* the thread's id and its process's id; equal for the group leader */
	int pid;
	int tgid;
	struct css_set *cgroups;
	/* NULL in a task that has ended */
	struct fs_struct *fs;
	/* CLOCK_MONOTONIC */
	__u64 start_time;
	struct sched_info sched_info;
	/* NULL in tasks that were born while delay accounting was off; absent without CONFIG_TASK_DELAY_ACCT */
	struct task_delay_info *delays;
};

#pragma clang attribute pop
#pragma clang diagnostic pop

#define PF_EXITING 0x00000004
#define PF_KTHREAD 0x00200000
