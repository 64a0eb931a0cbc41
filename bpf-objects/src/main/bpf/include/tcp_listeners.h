/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Who listens, and what happens to the connections that are accepted there. */
#pragma once

#include "cgroup_ref.h"
#include "drops.h"
#include "tcp_config.h"

struct listener {
	__u64 cgroup_id;
	__u8 address[16];
	__u32 hierarchy;
	__u32 netns;
	__u16 port;
	__u16 family;
	/* IPV6_V6ONLY */
	__u32 v6_only;
};

struct listener_state {
	/* sockets in LISTEN; several with SO_REUSEPORT */
	__s64 open;
	__u64 closed_nanos;
	/* of connections that were accepted there */
	__u64 retransmits;
	/* the process that listened last */
	__u32 tgid;
	__u32 zero;
};

/* Where a listener is found by the connections it accepted. The port is in host order. */
struct listening_at {
	__u8 address[16];
	__u32 netns;
	__u16 port;
	__u16 zero;
};

_Static_assert(sizeof(struct listener) == 40, "shared with user space");
_Static_assert(sizeof(struct listener_state) == 32, "shared with user space");
_Static_assert(sizeof(struct listening_at) == 24, "shared with user space");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct listener);
	__type(value, struct listener_state);
} listeners SEC(".maps");

/*
 * The listener that was opened last at an address. It stays while user space shows
 * the listener: what was accepted may outlive it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct listening_at);
	__type(value, struct listener);
} listening SEC(".maps");

/*
 * The address of a listening socket; false if nobody outside its namespace could
 * reach it, or the port is nobody's for long.
 */
static __always_inline bool read_listener(struct sock *sk, struct listener *out)
{
	struct local_end local = {};

	if (!read_local(sk, &local) || is_ephemeral(local.port))
		return false;
	__builtin_memcpy(out->address, local.address, 16);
	out->port = local.port;
	out->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	out->netns = netns_of(sk);
	out->v6_only = out->family == AF_INET6 &&
		       BPF_CORE_READ_BITFIELD_PROBED(sk, __sk_common.skc_ipv6only);
	return !is_loopback(out->address) || out->netns == tcp_config.host_netns;
}

static __always_inline struct listener_state *count_listener(const struct listener *listener,
							     __u32 tgid)
{
	struct listener_state *state, zero = {};
	struct listening_at at = {};

	state = bpf_map_lookup_elem(&listeners, listener);
	if (!state) {
		bpf_map_update_elem(&listeners, listener, &zero, BPF_NOEXIST);
		state = bpf_map_lookup_elem(&listeners, listener);
	}
	if (!state) {
		count_drop(DROP_LISTENER);
		return NULL;
	}
	__sync_fetch_and_add(&state->open, 1);
	state->tgid = tgid;
	__builtin_memcpy(at.address, listener->address, 16);
	at.netns = listener->netns;
	at.port = listener->port;
	bpf_map_update_elem(&listening, &at, listener, BPF_ANY);
	return state;
}

static __always_inline void count_unlisten(const struct listener *listener)
{
	struct listener_state *state = bpf_map_lookup_elem(&listeners, listener);

	if (state) {
		state->closed_nanos = bpf_ktime_get_ns();
		__sync_fetch_and_add(&state->open, -1);
	}
}

/* The listener that a connection was accepted by: of its own address, or of any. */
static __always_inline struct listener *accepted_by(const struct local_end *local, __u32 netns)
{
	struct listening_at at = { .netns = netns, .port = local->port };
	__u64 *halves = (void *)at.address;
	struct listener *found;

	__builtin_memcpy(at.address, local->address, 16);
	found = bpf_map_lookup_elem(&listening, &at);
	if (found)
		return found;
	/* ::ffff:0.0.0.0 */
	if (!halves[0] && (__u32)halves[1] == bpf_htonl(0x0000ffff)) {
		halves[1] = bpf_cpu_to_be64(0x0000ffff00000000ULL);
		found = bpf_map_lookup_elem(&listening, &at);
		if (found)
			return found;
	}
	halves[0] = 0;
	halves[1] = 0;
	return bpf_map_lookup_elem(&listening, &at);
}

static __always_inline void account_accepted_retransmits(const struct local_end *local, __u32 netns,
							 __u32 segments)
{
	struct listener *listener = accepted_by(local, netns);
	struct listener_state *state = listener ? bpf_map_lookup_elem(&listeners, listener) : NULL;

	if (state)
		__sync_fetch_and_add(&state->retransmits, segments);
}
