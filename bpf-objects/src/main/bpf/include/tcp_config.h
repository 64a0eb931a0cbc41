/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What user space decides before the programs run, and which addresses and ports follow from it. */
#pragma once

#include "kernel/sock.h"

#define MAX_EPHEMERAL_RANGES 8

/* Both included, host order. */
struct port_range {
	__u16 first;
	__u16 last;
};

/* Set by user space before the object is loaded. */
struct tcp_config {
	/* network namespace of the host: only there do loopback destinations count */
	__u32 host_netns;
	/* whether tracepoints count new connections too (sock_ops is not there) */
	__u32 tracepoints_count_all;
	/* rows that one cgroup may have; what is beyond shares its overflow row */
	__u32 max_rows_per_cgroup;
	__u32 ephemeral_ranges;
	/* ports that are nobody's for long */
	struct port_range ephemeral[MAX_EPHEMERAL_RANGES];
};

const volatile struct tcp_config tcp_config SEC(".rodata");

struct tracked_key {
	__u32 prefix_length;
	__u8 address[16];
};

_Static_assert(sizeof(struct tracked_key) == 20, "shared with user space");

/* Networks whose destinations count; user space fills it before the programs are attached. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct tracked_key);
	__type(value, __u8);
} tracked SEC(".maps");

/* The near end of a connection: 16 bytes in network order, IPv4 as ::ffff:a.b.c.d; the port in host order. */
struct local_end {
	__u8 address[16];
	__u16 port;
};

static __always_inline void copy_ipv4_mapped(__u8 *to, __u32 address)
{
	__builtin_memset(to, 0, 10);
	to[10] = 0xff;
	to[11] = 0xff;
	__builtin_memcpy(to + 12, &address, 4);
}

static __always_inline bool is_loopback(const __u8 *address)
{
	const __u64 *halves = (const void *)address;

	if (halves[0])
		return false;
	/* ::ffff:127.0.0.0/8, or ::1 */
	return (halves[1] & bpf_cpu_to_be64(0xffffffffff000000ULL)) ==
		       bpf_cpu_to_be64(0x0000ffff7f000000ULL) ||
	       halves[1] == bpf_cpu_to_be64(1);
}

static __always_inline __u32 netns_of(struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
}

/* RFC 1918, RFC 4193: most of what a container connects to, told without a look-up. */
static __always_inline bool is_private(const __u8 *address)
{
	const __u64 *halves = (const void *)address;
	__u32 ipv4 = bpf_be64_to_cpu(halves[1]);

	if (halves[0])
		return (address[0] & 0xfe) == 0xfc;
	return (__u32)halves[1] == bpf_htonl(0x0000ffff) &&
	       (ipv4 >> 24 == 10 || ipv4 >> 20 == 0xac1 || ipv4 >> 16 == 0xc0a8);
}

/* Private networks and those the user named; loopback in the host's own namespace. */
static __always_inline bool is_tracked(struct sock *sk, const __u8 *address)
{
	struct tracked_key key = { .prefix_length = 128 };

	if (is_private(address))
		return true;
	if (is_loopback(address))
		return netns_of(sk) == tcp_config.host_netns;
	__builtin_memcpy(key.address, address, 16);
	return bpf_map_lookup_elem(&tracked, &key) != NULL;
}

static __always_inline bool is_ephemeral(__u16 port)
{
	for (__u32 i = 0; i < MAX_EPHEMERAL_RANGES && i < tcp_config.ephemeral_ranges; i++) {
		if (port >= tcp_config.ephemeral[i].first && port <= tcp_config.ephemeral[i].last)
			return true;
	}
	return false;
}

/* The address a socket is bound to; false for what is not IP. */
static __always_inline bool read_local(struct sock *sk, struct local_end *out)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	if (family == AF_INET)
		copy_ipv4_mapped(out->address, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
	else if (family == AF_INET6)
		BPF_CORE_READ_INTO(&out->address, sk, __sk_common.skc_v6_rcv_saddr);
	else
		return false;
	out->port = BPF_CORE_READ(sk, __sk_common.skc_num);
	return true;
}
