/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The steps in the life of a connection, and what each of them adds to its row. */
#pragma once

#include "tcp_carried.h"
#include "tcp_rows.h"

/* A connect begins. Where it will be booked is open: nobody knows yet what it reaches. */
static __always_inline void account_connecting(struct tcp_socket *socket)
{
	socket->started_nanos = bpf_ktime_get_ns();
	socket->role = ROLE_CONNECTING;
}

static __always_inline void account_established(struct tcp_socket *socket,
						const struct local_end *local)
{
	struct tcp_totals *row = settle(socket, local);
	bool is_new = socket->role == ROLE_CONNECTING;
	__u64 now = bpf_ktime_get_ns();

	socket->role = ROLE_ACTIVE;
	if (!row)
		return;
	row->last_nanos = now;
	__sync_fetch_and_add(&row->active, 1);
	if (is_new) {
		__sync_fetch_and_add(&row->successful, 1);
		__sync_fetch_and_add(&row->connect_nanos, now - socket->started_nanos);
	}
}

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
	/* ICMPv6: administratively prohibited, refused by policy or by route */
	case EACCES:
		return &row->unreachable;
	case ECONNRESET:
		return &row->reset;
	default:
		return &row->failed_otherwise;
	}
}

/*
 * A connect ends that was not established. The socket itself says how: sk_err is
 * set before the state changes when the network refused it, and is 0 when the
 * caller closed it.
 */
static __always_inline void account_failed(struct tcp_socket *socket, int error)
{
	struct tcp_totals *row;

	if (socket->role == ROLE_CONNECTING) {
		row = settle(socket, NULL);
		if (row) {
			row->last_nanos = bpf_ktime_get_ns();
			__sync_fetch_and_add(ended_by(row, error), 1);
		}
	}
	socket->role = ROLE_NONE;
}

/*
 * The connection is not established any more; what it carries still counts. The
 * clock is left alone: its close renews the row's age.
 */
static __always_inline void account_left(struct tcp_socket *socket)
{
	struct tcp_totals *row = place_of(socket);

	socket->role = ROLE_CLOSING;
	/* a row that was removed meanwhile took its active connections along */
	if (row)
		__sync_fetch_and_add(&row->active, -1);
}

/* The connection is over. */
static __always_inline void account_closed(struct tcp_socket *socket, int error,
					   const struct tcp_carried *carried)
{
	struct tcp_totals *row;

	if (socket->role == ROLE_ACTIVE)
		account_left(socket);
	socket->role = ROLE_NONE;
	row = settle(socket, NULL);
	if (!row)
		return;
	row->last_nanos = bpf_ktime_get_ns();
	if (carried->sent)
		__sync_fetch_and_add(&row->bytes_sent, carried->sent);
	if (carried->received)
		__sync_fetch_and_add(&row->bytes_received, carried->received);
	if (carried->rtt_micros) {
		__sync_fetch_and_add(&row->rtt_micros, carried->rtt_micros);
		__sync_fetch_and_add(&row->rtt_samples, 1);
	}
	if (error)
		__sync_fetch_and_add(&row->resets, 1);
}

static __always_inline void account_retransmits(struct tcp_socket *socket,
						const struct local_end *local, __u32 segments)
{
	struct tcp_totals *row;

	if (socket->role == ROLE_NONE || socket->role == ROLE_LISTENING)
		return;
	/* what is sent again was sent before: who translates it has seen it */
	row = settle(socket, local);
	if (row) {
		__sync_fetch_and_add(&row->retransmits, segments);
		row->last_nanos = bpf_ktime_get_ns();
	}
}

static __always_inline bool account_listen(struct tcp_socket *socket, __u32 tgid)
{
	if (!count_listener(&socket->listener, tgid))
		return false;
	socket->role = ROLE_LISTENING;
	return true;
}

static __always_inline void account_unlisten(struct tcp_socket *socket)
{
	socket->role = ROLE_NONE;
	count_unlisten(&socket->listener);
}

/* The end of a socket of which nothing more is known than that it is over. */
static __always_inline void account_end(struct tcp_socket *socket)
{
	if (socket->role == ROLE_LISTENING)
		account_unlisten(socket);
	else if (socket->role == ROLE_ACTIVE)
		account_left(socket);
	socket->role = ROLE_NONE;
}
