/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What was open before us: found once, and followed by the tracepoints. */
#pragma once

#include "kernel/file.h"
#include "kernel/iterator.h"
#include "tcp_followed.h"
#include "tcp_sockets.h"

/*
 * Whether the local end called connect. TCP keeps no such flag, but its sums
 * tell: bytes_acked counts the SYN of an active open and nothing of a passive
 * one, beyond the payload that was sent once and is not in flight. If they do not
 * add up (a transmission that failed locally), the lower port is the server's.
 */
static __always_inline bool is_outbound(struct sock *sk)
{
	struct tcp_sock *tcp = (void *)sk;
	__u64 acked = BPF_CORE_READ(tcp, bytes_acked);
	__u64 payload = BPF_CORE_READ(tcp, bytes_sent) - BPF_CORE_READ(tcp, bytes_retrans);
	__u32 in_flight = BPF_CORE_READ(tcp, snd_nxt) - BPF_CORE_READ(tcp, snd_una);
	__u64 handshake = acked + in_flight - payload;

	if (handshake <= 1)
		return handshake == 1;
	return bpf_ntohs(BPF_CORE_READ(sk, __sk_common.skc_dport)) <
	       BPF_CORE_READ(sk, __sk_common.skc_num);
}

/* Whether sock_ops follows the socket already: it connected after we were attached. */
static __always_inline bool has_callbacks(struct file *file, struct sock *sk)
{
	__u64 address = (__u64)sk;

	if (tcp_config.tracepoints_count_all)
		return false;
	if (bpf_map_lookup_elem(&sockets, &address))
		return true;
	/* before 5.11 storage cannot be asked for here: only if the map above were full */
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_sock_from_file)) {
		struct socket *socket = (void *)bpf_sock_from_file(file);
		struct tcp_socket *known;

		if (!socket || !socket->sk)
			return true;
		known = bpf_sk_storage_get(&more_sockets, (void *)socket->sk, NULL, 0);
		return known && known->role != ROLE_NONE;
	}
	return false;
}

/*
 * A listener that the first process holds too was opened for the service that
 * holds it: by socket activation (sd_listen_fds(3)).
 */
static __always_inline bool is_held_for_another(const struct older_socket *known, __u32 tgid)
{
	struct listener_state *state;

	if (known->socket.role != ROLE_LISTENING || tgid == 1)
		return false;
	state = bpf_map_lookup_elem(&listeners, &known->socket.listener);
	return state && state->tgid == 1;
}

static __always_inline void follow_older_listener(struct sock *sk, struct task_struct *task)
{
	__u64 address = (__u64)sk;
	__u32 tgid = BPF_CORE_READ(task, tgid);
	struct older_socket *known, older = {};
	struct cgroup_ref cgroup;

	/* a file seen through several tasks or descriptors is one socket */
	known = bpf_map_lookup_elem(&sockets_by_address, &address);
	if (known && !is_held_for_another(known, tgid))
		return;
	if (!read_listener(sk, &older.socket.listener))
		return;
	cgroup_of_task(task, &cgroup);
	older.socket.listener.cgroup_id = cgroup.id;
	older.socket.listener.hierarchy = cgroup.hierarchy;
	if (known)
		end_followed(address);
	if (!account_listen(&older.socket, tgid))
		return;
	filter_add(BPF_CORE_READ(sk, __sk_common.skc_hash));
	if (bpf_map_update_elem(&sockets_by_address, &address, &older, BPF_NOEXIST))
		count_drop(DROP_SOCKET);
	/* it may have gone on before it was in the map, with nobody looking */
	else if (BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_LISTEN ||
		 bpf_map_delete_elem(&sockets_by_address, &address))
		return;
	account_unlisten(&older.socket);
}

static __always_inline void follow_older_client(struct sock *sk, struct task_struct *task,
						int state)
{
	__u64 address = (__u64)sk;
	struct older_socket older = {};
	struct destination *destination = &older.socket.destination;
	struct tcp_carried carried = {};
	struct local_end local = {};
	struct cgroup_ref cgroup;

	if (state == TCP_ESTABLISHED && !is_outbound(sk))
		return;
	if (!read_peer(sk, destination) || !is_tracked(sk, destination->address))
		return;
	if (bpf_map_lookup_elem(&sockets_by_address, &address))
		return;
	cgroup_of_task(task, &cgroup);
	destination->cgroup_id = cgroup.id;
	destination->hierarchy = cgroup.hierarchy;
	older.socket.started_nanos = bpf_ktime_get_ns();
	older.socket.role = ROLE_CONNECTING_BEFORE;
	if (state == TCP_ESTABLISHED) {
		read_local(sk, &local);
		read_carried(sk, state, &carried);
		older.sent_before = carried.sent;
		older.received_before = carried.received;
		account_established(&older.socket, &local);
	}
	filter_add(BPF_CORE_READ(sk, __sk_common.skc_hash));
	if (bpf_map_update_elem(&sockets_by_address, &address, &older, BPF_NOEXIST))
		count_drop(DROP_SOCKET);
	/* as above; a connect that is over was nobody's */
	else if (state == TCP_SYN_SENT || BPF_CORE_READ(sk, __sk_common.skc_state) == state ||
		 bpf_map_delete_elem(&sockets_by_address, &address))
		return;
	account_end(&older.socket);
}

/*
 * Every open file of every task, in all namespaces at once. Sockets that are in
 * use and have no storage are followed from here on. Writes the address of each
 * one that is followed, so that user space can tell which entries went stale.
 */
SEC("iter/task_file")
int find_open_sockets(struct bpf_iter__task_file *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct socket *socket;
	struct sock *sk;
	__u64 address;
	int state;

	if (!task || !file)
		return 0;
	if (BPF_CORE_READ(file, f_inode, i_sb, s_magic) != SOCKFS_MAGIC)
		return 0;
	socket = BPF_CORE_READ(file, private_data);
	sk = BPF_CORE_READ(socket, sk);
	if (!sk || BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	state = BPF_CORE_READ(sk, __sk_common.skc_state);
	if (state != TCP_ESTABLISHED && state != TCP_LISTEN && state != TCP_SYN_SENT)
		return 0;
	if (BPF_CORE_READ(sk, __sk_common.skc_family) != AF_INET &&
	    BPF_CORE_READ(sk, __sk_common.skc_family) != AF_INET6)
		return 0;
	if (has_callbacks(file, sk))
		return 0;
	if (state == TCP_LISTEN)
		follow_older_listener(sk, task);
	else
		follow_older_client(sk, task, state);
	address = (__u64)sk;
	if (bpf_map_lookup_elem(&sockets_by_address, &address))
		bpf_seq_write(seq, &address, sizeof(address));
	return 0;
}
