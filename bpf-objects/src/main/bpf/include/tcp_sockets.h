/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What sock_ops remembers of sockets, from connect or listen to their end. */
#pragma once

#include "tcp_account.h"

/*
 * A listener's callbacks are inherited by all that it accepts. Clients have one
 * more, which is rarely called and does nothing: it tells them apart before
 * anything is looked up.
 */
#define LISTENER_CALLBACKS (BPF_SOCK_OPS_STATE_CB_FLAG | BPF_SOCK_OPS_RETRANS_CB_FLAG)
#define CLIENT_CALLBACKS (LISTENER_CALLBACKS | BPF_SOCK_OPS_RTO_CB_FLAG)

/*
 * sock_ops: what is remembered of a socket, by its address. Preallocated: socket
 * storage, which would be the natural place, is allocated and freed per socket,
 * and that was most of what this program cost.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct tcp_socket);
} sockets SEC(".maps");

/* Those that find no room above: slower, and without a limit of ours. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tcp_socket);
} more_sockets SEC(".maps");

static __always_inline struct tcp_socket *find_socket(struct bpf_sock *sk)
{
	__u64 address = (__u64)sk;
	struct tcp_socket *socket = bpf_map_lookup_elem(&sockets, &address);

	return socket ? socket : bpf_sk_storage_get(&more_sockets, sk, NULL, 0);
}

/*
 * Remembers a socket from now on and asks for its callbacks; those that other
 * programs asked for stay on. What an earlier socket here left, when another
 * program switched its callbacks off, is booked as over.
 */
static __always_inline void follow(struct bpf_sock_ops *ops, struct bpf_sock *sk,
				   const struct tcp_socket *fresh, int callbacks)
{
	__u64 address = (__u64)sk;
	struct tcp_socket *socket;
	long result = bpf_map_update_elem(&sockets, &address, fresh, BPF_NOEXIST);

	if (result) {
		socket = bpf_map_lookup_elem(&sockets, &address);
		if (!socket)
			socket = bpf_sk_storage_get(&more_sockets, sk, NULL,
						    BPF_SK_STORAGE_GET_F_CREATE);
		if (!socket) {
			count_drop(DROP_SOCKET);
			return;
		}
		account_end(socket);
		*socket = *fresh;
	}
	bpf_sock_ops_cb_flags_set(ops, ops->bpf_sock_ops_cb_flags | callbacks);
}

/* Its end has been booked. */
static __always_inline void forget(struct bpf_sock *sk)
{
	__u64 address = (__u64)sk;

	bpf_map_delete_elem(&sockets, &address);
}
