/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What tasks waited for, summed by cgroup: the maps shared with user space and the steps that change them. */
#pragma once

#include "cgroup_ref.h"
#include "drops.h"

struct delays {
	__u64 run_nanos;
	/* waiting for block I/O */
	__u64 block_nanos;
};

struct delay_row {
	struct delays delays;
	__u64 tasks;
	/* the run of the iterator that this belongs to; 0 for tasks that ended */
	__u64 session;
};

/* The last run of the iterator that came to its end. */
struct delay_pass {
	__u64 session;
	/* whether this kernel can account block I/O at all */
	__u64 has_block_delays;
};

/* What a living task is known to have been credited with in error. */
struct delay_jump {
	/* tells the task from a later one at the same address */
	__u64 start_nanos;
	struct delays excess;
};

/* What the kernel said of a task when it was booked as ended. */
struct delay_end {
	__u64 start_nanos;
	__u64 ended_nanos;
	struct delays delays;
};

_Static_assert(sizeof(struct delay_row) == 32, "shared with user space");
_Static_assert(sizeof(struct delay_pass) == 16, "shared with user space");

/* Tasks that ended since we were attached; only grows. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct cgroup_ref);
	__type(value, struct delay_row);
} ended_tasks SEC(".maps");

/* Tasks that live; rows of older runs are stale. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct cgroup_ref);
	__type(value, struct delay_row);
} living_tasks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct delay_pass);
} last_pass SEC(".maps");

/* By the address of the task; few, as the kernel's slip is rare. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct delay_jump);
} jumped_tasks SEC(".maps");

/* By the address of the task, until it is freed. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct delay_end);
} exiting_tasks SEC(".maps");

static __always_inline void read_delays(struct task_struct *task, struct delays *out)
{
	struct task_delay_info *accounted;

	out->run_nanos = 0;
	out->block_nanos = 0;
	if (bpf_core_field_exists(task->sched_info.run_delay))
		out->run_nanos = BPF_CORE_READ(task, sched_info.run_delay);
	if (bpf_core_field_exists(task->delays)) {
		accounted = BPF_CORE_READ(task, delays);
		if (accounted)
			out->block_nanos = BPF_CORE_READ(accounted, blkio_delay);
	}
}

static __always_inline __u64 less(__u64 nanos, __u64 excess)
{
	return nanos > excess ? nanos - excess : 0;
}

/*
 * Kernels at least up to 6.18 sometimes add the machine's uptime to a task's
 * block delay. Nobody waits for longer than it lives: what says so is taken for
 * an error, and remembered, so that what comes on top of it counts again.
 */
static __always_inline void remove_jumps(struct task_struct *task, struct delays *delays)
{
	__u64 address = (__u64)task;
	__u64 start = BPF_CORE_READ(task, start_time);
	__u64 lived = bpf_ktime_get_ns() - start;
	struct delay_jump *known = bpf_map_lookup_elem(&jumped_tasks, &address);
	struct delay_jump jump = { .start_nanos = start };

	if (known && known->start_nanos == start) {
		jump.excess = known->excess;
		delays->run_nanos = less(delays->run_nanos, jump.excess.run_nanos);
		delays->block_nanos = less(delays->block_nanos, jump.excess.block_nanos);
	}
	if (delays->run_nanos <= lived && delays->block_nanos <= lived)
		return;
	if (delays->run_nanos > lived) {
		jump.excess.run_nanos += delays->run_nanos;
		delays->run_nanos = 0;
	}
	if (delays->block_nanos > lived) {
		jump.excess.block_nanos += delays->block_nanos;
		delays->block_nanos = 0;
	}
	count_drop(DROP_DELAY_JUMP);
	bpf_map_update_elem(&jumped_tasks, &address, &jump, BPF_ANY);
}

static __always_inline struct delay_row *row_in(void *map, const struct cgroup_ref *cgroup)
{
	struct delay_row *row = bpf_map_lookup_elem(map, cgroup);
	struct delay_row zero = {};

	if (row)
		return row;
	bpf_map_update_elem(map, cgroup, &zero, BPF_NOEXIST);
	row = bpf_map_lookup_elem(map, cgroup);
	if (!row)
		count_drop(DROP_DELAY_ROW);
	return row;
}
