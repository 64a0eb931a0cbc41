// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* Programs that the kernel test of the bindings drives: one of each kind that we use. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The first 16 bytes of .rodata: the port whose connects are counted, and what each counts. */
struct probe_config {
	__u64 weight;
	__u32 port;
	__u32 unused;
};
const volatile struct probe_config config = { .weight = 1 };

struct probe_sample {
	__u64 weight;
	__u32 port;
	__u32 family;
};
/* Puts the type into BTF, where the test reads its layout. */
const struct probe_sample *unused_sample __attribute__((unused));

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u64);
} connects SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} connects_by_cpu SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(key_size, 8);
	__type(value, __u64);
} prefixes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 8);
	__uint(key_size, 4);
	__uint(value_size, 4);
} tail_calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} samples SEC(".maps");

SEC("sockops")
int count_connects(struct bpf_sock_ops *ops)
{
	__u32 port = bpf_ntohl(ops->remote_port);
	struct probe_sample sample = { .weight = config.weight, .port = port, .family = ops->family };
	__u32 zero = 0, *by_cpu;
	__u64 *count, first = config.weight;

	if (ops->op != BPF_SOCK_OPS_TCP_CONNECT_CB || port != config.port)
		return 1;
	count = bpf_map_lookup_elem(&connects, &port);
	if (count)
		__sync_fetch_and_add(count, config.weight);
	else
		bpf_map_update_elem(&connects, &port, &first, BPF_NOEXIST);
	by_cpu = bpf_map_lookup_elem(&connects_by_cpu, &zero);
	if (by_cpu)
		*by_cpu += 1;
	bpf_ringbuf_output(&samples, &sample, sizeof(sample), 0);
	return 1;
}

__u64 execs;

SEC("tp_btf/sched_process_exec")
int count_execs(void *ctx)
{
	__sync_fetch_and_add(&execs, 1);
	return 0;
}

struct seq_file;

/* What an iterator over tasks is handed; only what is read here. */
struct bpf_iter_meta {
	struct seq_file *seq;
} __attribute__((preserve_access_index));

struct task_struct {
	int tgid;
	int pid;
} __attribute__((preserve_access_index));

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} __attribute__((preserve_access_index));

SEC("iter/task")
int list_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	int ids[2];

	if (!task)
		return 0;
	ids[0] = task->tgid;
	ids[1] = task->pid;
	bpf_seq_write(ctx->meta->seq, ids, sizeof(ids));
	return 0;
}
