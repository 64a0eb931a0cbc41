/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What is counted: the maps shared with user space and the steps that change them. */
#pragma once

#include "cgroup_ref.h"
#include "drops.h"

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

/* Where a connection's numbers go: decided once, so that its close is booked where its open was. */
enum tcp_place {
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
	ROLE_LISTENING,
};

/* What is remembered of one socket. */
struct tcp_socket {
	union {
		struct destination destination;
		struct listener listener;
	};
	__u64 started_nanos;
	__u32 role;
	__u32 place;
};

struct tracked_key {
	__u32 prefix_length;
	__u8 address[16];
};

_Static_assert(sizeof(struct destination) == 48, "shared with user space");
_Static_assert(sizeof(struct tcp_totals) == 128, "shared with user space");
_Static_assert(sizeof(struct listener) == 40, "shared with user space");
_Static_assert(sizeof(struct listener_state) == 32, "shared with user space");
_Static_assert(sizeof(struct tcp_socket) == 64, "shared with user space");
_Static_assert(sizeof(struct tracked_key) == 20, "shared with user space");

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

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct listener);
	__type(value, struct listener_state);
} listeners SEC(".maps");

/* Networks whose destinations count; user space fills it before the programs are attached. */
struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(max_entries, 1024);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct tracked_key);
	__type(value, __u8);
} tracked SEC(".maps");

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

/* Private networks and those the user named; loopback in the host's own namespace. */
static __always_inline bool is_tracked(struct sock *sk, const __u8 *address)
{
	struct tracked_key key = { .prefix_length = 128 };

	if (is_loopback(address))
		return netns_of(sk) == tcp_config.host_netns;
	__builtin_memcpy(key.address, address, 16);
	return bpf_map_lookup_elem(&tracked, &key) != NULL;
}

/* Nothing translates the address. */
static __always_inline void reaches_itself(struct destination *destination)
{
	__builtin_memcpy(destination->actual, destination->address, 16);
	destination->actual_port = destination->port;
}

/* The peer of a connecting or connected socket; false if it is not to be counted. */
static __always_inline bool read_destination(struct sock *sk, struct destination *out)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	if (family == AF_INET)
		copy_ipv4_mapped(out->address, BPF_CORE_READ(sk, __sk_common.skc_daddr));
	else if (family == AF_INET6)
		BPF_CORE_READ_INTO(&out->address, sk, __sk_common.skc_v6_daddr);
	else
		return false;
	out->port = bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport));
	reaches_itself(out);
	return is_tracked(sk, out->address);
}

static __always_inline struct tcp_totals *place_of(const struct tcp_socket *socket)
{
	const struct destination *destination = &socket->destination;
	struct cgroup_ref cgroup = {};
	__u32 first = 0;

	switch (socket->place) {
	case PLACE_DESTINATION:
		return bpf_map_lookup_elem(&destinations, destination);
	case PLACE_OVERFLOW:
		cgroup.id = destination->cgroup_id;
		cgroup.hierarchy = destination->hierarchy;
		return bpf_map_lookup_elem(&overflow, &cgroup);
	default:
		return bpf_map_lookup_elem(&unattributed, &first);
	}
}

/* Finds or makes the row for a new connection, and remembers which it is. */
static __always_inline struct tcp_totals *choose_place(struct tcp_socket *socket)
{
	struct tcp_totals *row, zero = {};
	struct cgroup_ref cgroup = {};

	socket->place = PLACE_DESTINATION;
	row = place_of(socket);
	if (row)
		return row;
	bpf_map_update_elem(&destinations, &socket->destination, &zero, BPF_NOEXIST);
	row = place_of(socket);
	if (row)
		return row;

	count_drop(DROP_DESTINATION_OVERFLOW);
	socket->place = PLACE_OVERFLOW;
	row = place_of(socket);
	if (row)
		return row;
	cgroup.id = socket->destination.cgroup_id;
	cgroup.hierarchy = socket->destination.hierarchy;
	bpf_map_update_elem(&overflow, &cgroup, &zero, BPF_NOEXIST);
	row = place_of(socket);
	if (row)
		return row;

	count_drop(DROP_CGROUP_OVERFLOW);
	socket->place = PLACE_UNATTRIBUTED;
	return place_of(socket);
}

/* A connect begins. The row is made now and its age renewed, so it is there when the answer comes. */
static __always_inline void account_connecting(struct tcp_socket *socket)
{
	__u64 now = bpf_ktime_get_ns();
	struct tcp_totals *row = choose_place(socket);

	socket->started_nanos = now;
	socket->role = ROLE_CONNECTING;
	if (row)
		row->last_nanos = now;
}

/* How a connect ended that was not established. */
static __always_inline __u64 *ended_by(struct tcp_totals *row, int error)
{
	switch (error) {
	case 0:
		return &row->abandoned;
	case ECONNREFUSED:
		return &row->refused;
	case ETIMEDOUT:
		return &row->timed_out;
	case EHOSTUNREACH:
	case ENETUNREACH:
		return &row->unreachable;
	case ECONNRESET:
		return &row->reset;
	default:
		return &row->failed_otherwise;
	}
}

/*
 * A followed socket goes to new_state. The socket itself says how a connect
 * ended: sk_err is set before the state changes when the network refused it,
 * and is 0 when the caller closed it.
 */
static __always_inline void account_state(struct tcp_socket *socket, int new_state, int error)
{
	struct tcp_totals *row;
	__u64 now;

	switch (socket->role) {
	case ROLE_CONNECTING:
	case ROLE_CONNECTING_BEFORE:
		/* both ends called connect (RFC 9293, 3.5): not there yet */
		if (new_state == TCP_SYN_RECV)
			return;
		break;
	case ROLE_ACTIVE:
		break;
	default:
		return;
	}
	row = place_of(socket);
	if (!row)
		return;
	now = bpf_ktime_get_ns();
	row->last_nanos = now;
	if (socket->role == ROLE_ACTIVE) {
		__sync_fetch_and_add(&row->active, -1);
		socket->role = ROLE_NONE;
		return;
	}
	if (new_state == TCP_ESTABLISHED) {
		__sync_fetch_and_add(&row->active, 1);
		if (socket->role == ROLE_CONNECTING) {
			__sync_fetch_and_add(&row->successful, 1);
			__sync_fetch_and_add(&row->connect_nanos, now - socket->started_nanos);
		}
		socket->role = ROLE_ACTIVE;
		return;
	}
	if (socket->role == ROLE_CONNECTING) {
		__sync_fetch_and_add(ended_by(row, error), 1);
	}
	socket->role = ROLE_NONE;
}

static __always_inline void account_retransmits(const struct tcp_socket *socket, __u32 segments)
{
	struct tcp_totals *row;

	if (socket->role == ROLE_NONE || socket->role == ROLE_LISTENING)
		return;
	row = place_of(socket);
	if (row) {
		__sync_fetch_and_add(&row->retransmits, segments);
		row->last_nanos = bpf_ktime_get_ns();
	}
}

/* The address of a listening socket; false if nobody outside its namespace could reach it. */
static __always_inline bool read_listener(struct sock *sk, struct listener *out)
{
	out->family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (out->family == AF_INET)
		copy_ipv4_mapped(out->address, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
	else if (out->family == AF_INET6)
		BPF_CORE_READ_INTO(&out->address, sk, __sk_common.skc_v6_rcv_saddr);
	else
		return false;
	out->port = BPF_CORE_READ(sk, __sk_common.skc_num);
	out->netns = netns_of(sk);
	out->v6_only = 0;
	return !is_loopback(out->address) || out->netns == tcp_config.host_netns;
}

static __always_inline bool account_listen(struct tcp_socket *socket, __u32 tgid)
{
	struct listener_state *state, zero = {};

	state = bpf_map_lookup_elem(&listeners, &socket->listener);
	if (!state) {
		bpf_map_update_elem(&listeners, &socket->listener, &zero, BPF_NOEXIST);
		state = bpf_map_lookup_elem(&listeners, &socket->listener);
	}
	if (!state) {
		count_drop(DROP_LISTENER);
		return false;
	}
	__sync_fetch_and_add(&state->open, 1);
	state->tgid = tgid;
	socket->role = ROLE_LISTENING;
	return true;
}

static __always_inline void account_unlisten(struct tcp_socket *socket)
{
	struct listener_state *state = bpf_map_lookup_elem(&listeners, &socket->listener);

	socket->role = ROLE_NONE;
	if (state) {
		state->closed_nanos = bpf_ktime_get_ns();
		__sync_fetch_and_add(&state->open, -1);
	}
}

/* The end of a socket of which nothing more is known than that it is over. */
static __always_inline void account_end(struct tcp_socket *socket)
{
	if (socket->role == ROLE_LISTENING)
		account_unlisten(socket);
	else if (socket->role == ROLE_ACTIVE)
		account_state(socket, TCP_CLOSE, 0);
}
