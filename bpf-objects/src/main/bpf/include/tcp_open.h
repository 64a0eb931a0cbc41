/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What the connections that are open now have carried so far, by row. Summed up in
 * iterators over the sockets that are followed, which user space runs one after
 * the other when it wants to know.
 */
#pragma once

#include "kernel/iterator.h"
#include "tcp_followed.h"
#include "tcp_sockets.h"

struct open_traffic {
	__u64 bytes_sent;
	__u64 bytes_received;
	/* smoothed round-trip times: sum and number */
	__u64 rtt_micros;
	__u64 rtt_samples;
};

_Static_assert(sizeof(struct open_traffic) == 32, "shared with user space");

/*
 * By row; the overflow row of a cgroup has a destination without address and port.
 * Emptied by user space after each run, so it takes memory only then.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct destination);
	__type(value, struct open_traffic);
} open_now SEC(".maps");

static __always_inline void add_open(const struct tcp_socket *socket,
				     const struct tcp_carried *carried)
{
	struct open_traffic *sum, first = {};
	struct destination key = {};

	if (socket->place == PLACE_DESTINATION) {
		key = socket->destination;
	} else if (socket->place == PLACE_OVERFLOW) {
		key.cgroup_id = socket->destination.cgroup_id;
		key.hierarchy = socket->destination.hierarchy;
	} else {
		return;
	}
	sum = bpf_map_lookup_elem(&open_now, &key);
	if (!sum) {
		bpf_map_update_elem(&open_now, &key, &first, BPF_NOEXIST);
		sum = bpf_map_lookup_elem(&open_now, &key);
	}
	if (!sum) {
		count_drop(DROP_OPEN_CONNECTION);
		return;
	}
	sum->bytes_sent += carried->sent;
	sum->bytes_received += carried->received;
	if (carried->rtt_micros) {
		sum->rtt_micros += carried->rtt_micros;
		sum->rtt_samples++;
	}
}

/* Of a socket that others may be using: rather too little than too much. */
static __always_inline void read_open(struct sock *sk, struct tcp_carried *out)
{
	struct tcp_sock *tcp = (void *)sk;
	__u64 transmitted = BPF_CORE_READ(tcp, bytes_sent);
	__u64 once = transmitted - BPF_CORE_READ(tcp, bytes_retrans);
	struct tcp_sums sums = {};

	sums.received = BPF_CORE_READ(tcp, bytes_received);
	sums.flags = BPF_CORE_READ(sk, __sk_common.skc_flags);
	sums.acked = BPF_CORE_READ(tcp, bytes_acked);
	sums.nxt = BPF_CORE_READ(tcp, snd_nxt);
	sums.queued = BPF_CORE_READ(tcp, write_seq);
	sums.una = BPF_CORE_READ(tcp, snd_una);
	sums.srtt = BPF_CORE_READ(tcp, srtt_us);
	carried_by(&sums, BPF_CORE_READ(sk, __sk_common.skc_state), out);
	/* an acknowledgement comes in two steps; between them the sums of sequence numbers are too high */
	if (out->sent > once)
		out->sent = once;
}

/* Whether it has been established, and is not over. */
static __always_inline bool is_open(struct sock *sk)
{
	int state = BPF_CORE_READ(sk, __sk_common.skc_state);

	return state != TCP_CLOSE && state != TCP_LISTEN && state != TCP_SYN_SENT &&
	       state != TCP_SYN_RECV;
}

static __always_inline bool has_port(struct sock *sk, const struct tcp_socket *socket)
{
	return bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)) == socket->destination.port;
}

/* Whether this is the connection that was remembered: its address may be another socket's by now. */
static __always_inline bool is_connection(struct sock *sk, const struct tcp_socket *socket)
{
	const __u64 *remembered = (const __u64 *)socket->destination.address;
	struct destination peer = {};
	const __u64 *halves = (const __u64 *)peer.address;

	return is_open(sk) && read_peer(sk, &peer) && peer.port == socket->destination.port &&
	       halves[0] == remembered[0] && halves[1] == remembered[1];
}

/*
 * The value is read before the socket and once more after it: when the connection
 * ended meanwhile, or its entry became that of another one, it is left out.
 * Entries that move while the map is walked are seen twice at times: so each of
 * them remembers the run.
 */
static __always_inline bool sum_up(struct bpf_iter_meta *meta, struct sock *sk,
				   struct tcp_socket *entry, struct tcp_socket *socket,
				   struct tcp_carried *carried)
{
	__u32 pass = meta->session_id;

	*socket = *entry;
	if (socket->role != ROLE_ACTIVE && socket->role != ROLE_CLOSING)
		return false;
	if (socket->pass == pass || !is_connection(sk, socket))
		return false;
	read_open(sk, carried);
	barrier();
	if (*(volatile __u16 *)&entry->role != socket->role ||
	    *(volatile __u64 *)&entry->started_nanos != socket->started_nanos || !is_open(sk) ||
	    !has_port(sk, socket))
		return false;
	entry->pass = pass;
	return true;
}

SEC("iter/bpf_map_elem")
int sum_open_sockets(struct bpf_iter__bpf_map_elem *ctx)
{
	struct tcp_socket *entry = ctx->value, socket;
	struct tcp_carried carried;
	__u64 *address = ctx->key;

	if (!entry || !address)
		return 0;
	if (sum_up(ctx->meta, (struct sock *)*address, entry, &socket, &carried))
		add_open(&socket, &carried);
	return 0;
}

SEC("iter/bpf_map_elem")
int sum_older_sockets(struct bpf_iter__bpf_map_elem *ctx)
{
	struct older_socket *older = ctx->value;
	struct tcp_carried carried;
	struct tcp_socket socket;
	__u64 *address = ctx->key;

	if (!older || !address)
		return 0;
	if (sum_up(ctx->meta, (struct sock *)*address, &older->socket, &socket, &carried)) {
		less_before(older, &carried);
		add_open(&socket, &carried);
	}
	return 0;
}

SEC("iter/bpf_sk_storage_map")
int sum_stored_sockets(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct tcp_socket *entry = ctx->value, socket;
	struct tcp_carried carried;
	struct sock *sk = ctx->sk;

	if (!entry || !sk)
		return 0;
	if (sum_up(ctx->meta, sk, entry, &socket, &carried))
		add_open(&socket, &carried);
	return 0;
}
