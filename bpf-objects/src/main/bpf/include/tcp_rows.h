/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The rows of connections, by cgroup and destination: which one a connection's numbers go to. */
#pragma once

#include "cgroup_ref.h"
#include "drops.h"
#include "tcp_config.h"
#include "tcp_listeners.h"
#include "tcp_translation.h"

/* Addresses are 16 bytes in network order, IPv4 as ::ffff:a.b.c.d. */
struct destination {
	__u64 cgroup_id;
	/* the one dialled */
	__u8 address[16];
	/* the one reached after translation; the same where there is none */
	__u8 actual[16];
	__u32 hierarchy;
	/* host order */
	__u16 port;
	__u16 actual_port;
};

struct tcp_totals {
	__u64 successful;
	/* sum over the successful ones, SYN to ESTABLISHED */
	__u64 connect_nanos;
	/* failures, by the socket's error */
	__u64 refused;
	__u64 timed_out;
	__u64 unreachable;
	__u64 reset;
	__u64 failed_otherwise;
	/* given up by the caller before an answer came */
	__u64 abandoned;
	/* payload of connections that are over, each byte once */
	__u64 bytes_sent;
	__u64 bytes_received;
	__u64 retransmits;
	/* established ones that an error ended */
	__u64 resets;
	/* smoothed round-trip times of connections that are over: sum and number */
	__u64 rtt_micros;
	__u64 rtt_samples;
	__s64 active;
	/* CLOCK_MONOTONIC of the last connect, close or retransmission */
	__u64 last_nanos;
};

/* Where a connection's numbers go: decided once, so that its close is booked where its open was. */
enum tcp_place {
	PLACE_UNDECIDED,
	PLACE_DESTINATION,
	PLACE_OVERFLOW,
	PLACE_UNATTRIBUTED,
};

enum tcp_role {
	ROLE_NONE,
	ROLE_CONNECTING,
	/* began before us: becomes active, is no new connect */
	ROLE_CONNECTING_BEFORE,
	ROLE_ACTIVE,
	/* not established any more: data may still flow in one direction */
	ROLE_CLOSING,
	ROLE_LISTENING,
};

/* What is remembered of one socket. */
struct tcp_socket {
	union {
		struct destination destination;
		struct listener listener;
	};
	/* CLOCK_MONOTONIC: of the connect; of the end of ESTABLISHED where tracepoints tell of it */
	__u64 started_nanos;
	__u16 role;
	__u16 place;
	/* the run of an iterator that was here last */
	__u32 pass;
};

_Static_assert(sizeof(struct destination) == 48, "shared with user space");
_Static_assert(sizeof(struct tcp_totals) == 128, "shared with user space");
_Static_assert(sizeof(struct tcp_socket) == 64, "shared with user space");

/* All maps of user-visible numbers are preallocated: an update must not fail for want of memory. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, struct destination);
	__type(value, struct tcp_totals);
} destinations SEC(".maps");

/* Per cgroup, what found no room above. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct cgroup_ref);
	__type(value, struct tcp_totals);
} overflow SEC(".maps");

/* What found no room even there. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct tcp_totals);
} unattributed SEC(".maps");

/*
 * How many rows each cgroup has above: those made here less those that user space
 * freed. Two maps, each with one writer, so that neither overwrites what the other
 * counts. Who finds no room here is not limited, except by the map above.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct cgroup_ref);
	__type(value, __u64);
} rows_made SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct cgroup_ref);
	__type(value, __u64);
} rows_freed SEC(".maps");

static __always_inline void flow_of(const struct destination *destination,
				    const struct local_end *local, struct tcp_flow *out)
{
	__builtin_memcpy(out->source, local->address, 16);
	__builtin_memcpy(out->destination, destination->address, 16);
	out->source_port = local->port;
	out->destination_port = destination->port;
	out->zero = 0;
}

/* What the connection reaches; the near end is NULL for one that reached nobody. */
static __always_inline void find_actual(struct destination *destination,
					const struct local_end *local)
{
	struct tcp_flow flow;

	__builtin_memcpy(destination->actual, destination->address, 16);
	destination->actual_port = destination->port;
	if (!local || !any_translation())
		return;
	flow_of(destination, local, &flow);
	if (follow_translations(&flow)) {
		__builtin_memcpy(destination->actual, flow.destination, 16);
		destination->actual_port = flow.destination_port;
	}
}

static __always_inline bool is_translated(const struct destination *destination)
{
	return destination->actual_port != destination->port ||
	       !same_address(destination->actual, destination->address);
}

/*
 * A translated connection is over. Its port may be used again where nothing is
 * tracked any more, and so nothing announced.
 */
static __always_inline void forget_translation(const struct destination *destination,
					       const struct local_end *local)
{
	struct tcp_flow flow;

	flow_of(destination, local, &flow);
	bpf_map_delete_elem(&translations, &flow);
}

/* The peer of a connecting or connected socket; false for what is not IP. */
static __always_inline bool read_peer(struct sock *sk, struct destination *out)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	if (family == AF_INET)
		copy_ipv4_mapped(out->address, BPF_CORE_READ(sk, __sk_common.skc_daddr));
	else if (family == AF_INET6)
		BPF_CORE_READ_INTO(&out->address, sk, __sk_common.skc_v6_daddr);
	else
		return false;
	out->port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	return true;
}

static __always_inline void cgroup_of(const struct destination *destination, struct cgroup_ref *out)
{
	out->id = destination->cgroup_id;
	out->hierarchy = destination->hierarchy;
	out->zero = 0;
}

/* The row that was chosen; NULL if user space removed it, or none was chosen. */
static __always_inline struct tcp_totals *place_of(const struct tcp_socket *socket)
{
	struct cgroup_ref cgroup;
	__u32 first = 0;

	switch (socket->place) {
	case PLACE_DESTINATION:
		return bpf_map_lookup_elem(&destinations, &socket->destination);
	case PLACE_OVERFLOW:
		cgroup_of(&socket->destination, &cgroup);
		return bpf_map_lookup_elem(&overflow, &cgroup);
	case PLACE_UNATTRIBUTED:
		return bpf_map_lookup_elem(&unattributed, &first);
	default:
		return NULL;
	}
}

static __always_inline bool may_have_another_row(const struct cgroup_ref *cgroup)
{
	__u64 *made = bpf_map_lookup_elem(&rows_made, cgroup);
	__u64 *freed;

	if (!made)
		return true;
	freed = bpf_map_lookup_elem(&rows_freed, cgroup);
	return (__s64)(*made - (freed ? *freed : 0)) < (__s64)tcp_config.max_rows_per_cgroup;
}

static __always_inline void count_row(const struct cgroup_ref *cgroup)
{
	__u64 *made = bpf_map_lookup_elem(&rows_made, cgroup);
	__u64 zero = 0;

	if (!made) {
		bpf_map_update_elem(&rows_made, cgroup, &zero, BPF_NOEXIST);
		made = bpf_map_lookup_elem(&rows_made, cgroup);
	}
	if (made)
		__sync_fetch_and_add(made, 1);
}

/* The row of the destination, made if there may be another one; NULL if not. */
static __always_inline struct tcp_totals *own_row(const struct destination *destination,
						  const struct cgroup_ref *cgroup)
{
	struct tcp_totals *row, zero = {};

	if (is_ephemeral(destination->port))
		return NULL;
	row = bpf_map_lookup_elem(&destinations, destination);
	if (row)
		return row;
	if (!may_have_another_row(cgroup)) {
		count_drop(DROP_DESTINATION_LIMIT);
		return NULL;
	}
	if (!bpf_map_update_elem(&destinations, destination, &zero, BPF_NOEXIST))
		count_row(cgroup);
	row = bpf_map_lookup_elem(&destinations, destination);
	if (!row)
		count_drop(DROP_DESTINATION_OVERFLOW);
	return row;
}

static __always_inline struct tcp_totals *overflow_row(const struct cgroup_ref *cgroup)
{
	struct tcp_totals *row = bpf_map_lookup_elem(&overflow, cgroup), zero = {};

	if (row)
		return row;
	bpf_map_update_elem(&overflow, cgroup, &zero, BPF_NOEXIST);
	row = bpf_map_lookup_elem(&overflow, cgroup);
	if (!row)
		count_drop(DROP_CGROUP_OVERFLOW);
	return row;
}

/* Finds or makes the row for a connection, and remembers which it is. */
static __noinline struct tcp_totals *choose_place(struct tcp_socket *socket)
{
	struct cgroup_ref cgroup;
	struct tcp_totals *row;

	cgroup_of(&socket->destination, &cgroup);
	socket->place = PLACE_DESTINATION;
	row = own_row(&socket->destination, &cgroup);
	if (row)
		return row;
	socket->place = PLACE_OVERFLOW;
	row = overflow_row(&cgroup);
	if (row)
		return row;
	socket->place = PLACE_UNATTRIBUTED;
	return place_of(socket);
}

/*
 * The row of a connection, chosen at the first call: then it is known what it
 * reached. The near end names the connection to who translates it; NULL for one
 * that reached nobody. Made anew if user space removed it meanwhile.
 */
static __always_inline struct tcp_totals *settle(struct tcp_socket *socket,
						 const struct local_end *local)
{
	struct tcp_totals *row = NULL;

	if (socket->place == PLACE_UNDECIDED)
		find_actual(&socket->destination, local);
	else
		row = place_of(socket);
	return row ? row : choose_place(socket);
}
