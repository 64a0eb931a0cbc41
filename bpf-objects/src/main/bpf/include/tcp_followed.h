/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What tracepoints remember of sockets, and how they tell quickly that there is nothing. */
#pragma once

#include "tcp_account.h"

/* What it carried before it was followed does not count. */
struct older_socket {
	struct tcp_socket socket;
	__u64 sent_before;
	__u64 received_before;
};

_Static_assert(sizeof(struct older_socket) == 80, "shared with user space");

/* Tracepoints: sockets older than sock_ops, or all if it is not there. By address. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 262144);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct older_socket);
} sockets_by_address SEC(".maps");

/*
 * A bit for each socket above, by its hash: nearly every transition on the machine
 * is of a socket that is not in that map, and is told so by one load. Bits stay
 * when a socket goes.
 */
#define FILTER_BITS (1 << 16)

__u64 followed_filter[FILTER_BITS / 64];

static __always_inline __u64 *filter_word(__u32 hash)
{
	return &followed_filter[(hash >> 6) & (FILTER_BITS / 64 - 1)];
}

static __always_inline void filter_add(__u32 hash)
{
	__u64 *word = filter_word(hash);

	/* an atomic or needs 5.12; only the iterator adds, and there is one */
	*word |= 1ULL << (hash & 63);
}

static __always_inline bool filter_has(__u32 hash)
{
	return *filter_word(hash) & (1ULL << (hash & 63));
}

static __always_inline void less_before(const struct older_socket *older,
					struct tcp_carried *carried)
{
	carried->sent = carried->sent > older->sent_before ? carried->sent - older->sent_before : 0;
	carried->received = carried->received > older->received_before ?
				    carried->received - older->received_before :
				    0;
}

static __always_inline void remember(__u64 address, struct older_socket *socket)
{
	if (bpf_map_update_elem(&sockets_by_address, &address, socket, BPF_ANY))
		count_drop(DROP_SOCKET);
}

/* Books the end of a socket of which nothing more is known, if it is still followed: whoever deletes the entry does it. */
static __always_inline void end_followed(__u64 address)
{
	struct older_socket *older = bpf_map_lookup_elem(&sockets_by_address, &address);
	struct tcp_socket ended;

	if (!older)
		return;
	ended = older->socket;
	if (!bpf_map_delete_elem(&sockets_by_address, &address))
		account_end(&ended);
}
