// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* A program the verifier must reject: it uses the result of a lookup that may have found nothing. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} table SEC(".maps");

SEC("sockops")
int unchecked_lookup(struct bpf_sock_ops *ops)
{
	__u32 key = ops->op;
	__u64 *value = bpf_map_lookup_elem(&table, &key);

	return *value == 1;
}
