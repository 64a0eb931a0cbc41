// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * For what the tasks of each cgroup waited: for a CPU, and for block I/O. The
 * kernel keeps both per task; here they are summed over the tasks that live, by
 * an iterator that user space runs, and over those that ended, as they end.
 *
 * A task is booked as ended at sched_process_exit, after it was marked as exiting,
 * and the iterator passes over what is marked. So whoever reads the ended first
 * and runs the iterator then never sees a task twice; for some moments it is in
 * neither sum, and user space knows.
 *
 * What a task still waits for after that, while its memory is torn down, is
 * added when it is freed. The whole of it is booked then if its exit was missed:
 * where tracepoints can be preempted, the kernel skips a program that another
 * task was in on that CPU. Not every task is seen as it is freed, so that is
 * for the rest alone.
 */
#include "delay_account.h"
#include "kernel/iterator.h"

char LICENSE[] SEC("license") = "GPL";

EXPORT_TYPE(cgroup_ref);
EXPORT_TYPE(delay_row);
EXPORT_TYPE(delay_pass);

static __always_inline void book(const struct cgroup_ref *cgroup, const struct delays *delays,
				 bool ends)
{
	struct delay_row *row = row_in(&ended_tasks, cgroup);

	if (!row)
		return;
	__sync_fetch_and_add(&row->delays.run_nanos, delays->run_nanos);
	__sync_fetch_and_add(&row->delays.block_nanos, delays->block_nanos);
	if (ends)
		__sync_fetch_and_add(&row->tasks, 1);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(task_exited, struct task_struct *task)
{
	__u64 address = (__u64)task;
	struct delay_end end = {};
	struct cgroup_ref cgroup;
	struct delays delays;

	if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return 0;
	end.start_nanos = BPF_CORE_READ(task, start_time);
	end.ended_nanos = bpf_ktime_get_ns();
	read_delays(task, &end.delays);
	bpf_map_update_elem(&exiting_tasks, &address, &end, BPF_ANY);
	delays = end.delays;
	remove_jumps(task, &delays);
	/* the task that ends is the one that runs */
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		cgroup_of_current(&cgroup);
	else
		cgroup_of_task(task, &cgroup);
	book(&cgroup, &delays, true);
	return 0;
}

SEC("tp_btf/sched_process_free")
int BPF_PROG(task_freed, struct task_struct *task)
{
	__u64 address = (__u64)task;
	struct delay_end *end = bpf_map_lookup_elem(&exiting_tasks, &address);
	bool booked = end && end->start_nanos == BPF_CORE_READ(task, start_time);
	struct cgroup_ref cgroup;
	struct delays delays;
	__u64 since;

	if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return 0;
	read_delays(task, &delays);
	if (booked) {
		delays.run_nanos = less(delays.run_nanos, end->delays.run_nanos);
		delays.block_nanos = less(delays.block_nanos, end->delays.block_nanos);
		since = bpf_ktime_get_ns() - end->ended_nanos;
		if (delays.run_nanos > since || delays.block_nanos > since) {
			count_drop(DROP_DELAY_JUMP);
			delays.run_nanos = 0;
			delays.block_nanos = 0;
		}
	} else {
		remove_jumps(task, &delays);
	}
	if (end)
		bpf_map_delete_elem(&exiting_tasks, &address);
	if (booked && !delays.run_nanos && !delays.block_nanos)
		return 0;
	cgroup_of_task(task, &cgroup);
	book(&cgroup, &delays, !booked);
	return 0;
}

/* Every thread of every process that is not ending. Only one run at a time. */
SEC("iter/task")
int sum_living_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	__u64 session = ctx->meta->session_id;
	struct delay_pass *pass;
	struct cgroup_ref cgroup;
	struct delay_row *row;
	struct delays delays;
	__u32 first = 0;

	if (!task) {
		pass = bpf_map_lookup_elem(&last_pass, &first);
		if (pass) {
			pass->session = session;
			pass->has_block_delays = bpf_core_field_exists(task->delays);
		}
		return 0;
	}
	if (BPF_CORE_READ(task, flags) & (PF_KTHREAD | PF_EXITING))
		return 0;
	read_delays(task, &delays);
	remove_jumps(task, &delays);
	cgroup_of_task(task, &cgroup);
	row = row_in(&living_tasks, &cgroup);
	if (!row)
		return 0;
	if (row->session != session) {
		row->delays.run_nanos = 0;
		row->delays.block_nanos = 0;
		row->tasks = 0;
		row->session = session;
	}
	row->delays.run_nanos += delays.run_nanos;
	row->delays.block_nanos += delays.block_nanos;
	row->tasks++;
	return 0;
}
