// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Outbound TCP connections and listeners, counted in the kernel per cgroup.
 *
 * Three ways to hear of them, of which user space loads the first that works:
 *
 *   tcp_sock_ops                     cgroup sock_ops (5.10): called by TCP itself,
 *                                    never skipped
 *   tcp_set_state, tcp_retransmit    typed tracepoints (5.5)
 *   ..._plain                        the same through tracefs
 *
 * A tracing program is skipped when it already runs on that CPU; the kernel
 * counts that (recursion_misses) and user space exports it. sock_ops has no such
 * guard, but knows only sockets that connected or listened after it was
 * attached. So beside it the typed tracepoints follow the sockets that are
 * older: find_open_sockets lists them once.
 */
#include "kernel/file.h"
#include "kernel/iterator.h"
#include "kernel/tracepoint.h"
#include "tcp_followed.h"
#include "tcp_sockets.h"

char LICENSE[] SEC("license") = "GPL";

EXPORT_TYPE(tcp_config);
EXPORT_ENUM(tcp_role);

/* ---- sock_ops ---- */

/* As read_destination(), from the context: plain loads. remote_port is in network order in the upper half. */
static __always_inline bool context_destination(struct bpf_sock_ops *ops, struct sock *sk,
						struct destination *out)
{
	__u32 *words = (__u32 *)out->address;

	if (ops->family == AF_INET) {
		copy_ipv4_mapped(out->address, ops->remote_ip4);
	} else if (ops->family == AF_INET6) {
		words[0] = ops->remote_ip6[0];
		words[1] = ops->remote_ip6[1];
		words[2] = ops->remote_ip6[2];
		words[3] = ops->remote_ip6[3];
	} else {
		return false;
	}
	out->port = bpf_ntohl(ops->remote_port);
	reaches_itself(out);
	return is_tracked(sk, out->address);
}

static __always_inline void on_connect(struct bpf_sock_ops *ops, struct bpf_sock *bsk,
				       struct sock *sk)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct tcp_socket *known, fresh = {};
	struct cgroup_ref cgroup;

	if (!context_destination(ops, sk, &fresh.destination))
		return;
	/* of an earlier socket here, whose callbacks another program switched off */
	known = find_socket(bsk);
	if (known)
		account_end(known);
	cgroup_of_actor(task, sk, &cgroup);
	fresh.destination.cgroup_id = cgroup.id;
	fresh.destination.hierarchy = cgroup.hierarchy;
	account_connecting(&fresh);
	follow(ops, bsk, &fresh);
}

static __always_inline void on_listen(struct bpf_sock_ops *ops, struct bpf_sock *bsk,
				      struct sock *sk)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct tcp_socket *known, fresh = {};
	struct cgroup_ref cgroup;

	if (!read_listener(sk, &fresh.listener))
		return;
	known = find_socket(bsk);
	if (known)
		account_end(known);
	cgroup_of_actor(task, sk, &cgroup);
	fresh.listener.cgroup_id = cgroup.id;
	fresh.listener.hierarchy = cgroup.hierarchy;
	if (account_listen(&fresh, BPF_CORE_READ(task, tgid)))
		follow(ops, bsk, &fresh);
}

/*
 * `reply` lies over args[0]. The kernel ignores it for the operations handled
 * here and programs that run after this one read args: so it is left alone.
 */
SEC("sockops")
int tcp_sock_ops(struct bpf_sock_ops *ops)
{
	struct bpf_sock *bsk = ops->sk;
	struct tcp_socket *socket;
	struct tcp_sock *tcp;
	struct sock *sk;
	int new_state, error;

	if (!bsk)
		return 1;
	switch (ops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		/* a typed pointer to the same socket, whose fields CO-RE can find */
		tcp = (void *)bpf_skc_to_tcp_sock(bsk);
		if (!tcp)
			return 1;
		sk = (void *)tcp;
		if (ops->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
			on_connect(ops, bsk, sk);
		else
			on_listen(ops, bsk, sk);
		return 1;
	case BPF_SOCK_OPS_STATE_CB:
		new_state = ops->args[1];
		socket = find_socket(bsk);
		if (!socket || socket->role == ROLE_NONE)
			return 1;
		if (socket->role == ROLE_LISTENING) {
			account_unlisten(socket);
			forget(bsk);
			return 1;
		}
		error = 0;
		if (socket->role == ROLE_CONNECTING && new_state == TCP_CLOSE) {
			tcp = (void *)bpf_skc_to_tcp_sock(bsk);
			sk = (void *)tcp;
			error = tcp ? BPF_CORE_READ(sk, sk_err) : 0;
		}
		account_state(socket, new_state, error);
		if (socket->role == ROLE_NONE)
			forget(bsk);
		return 1;
	case BPF_SOCK_OPS_RETRANS_CB: {
		__u32 segments = ops->args[1];
		int error = ops->args[2];

		socket = error ? NULL : find_socket(bsk);
		if (socket)
			account_retransmits(socket, segments);
		return 1;
	}
	default:
		return 1;
	}
}

/* ---- tracepoints ---- */

static __always_inline void on_new_state(struct sock *sk, int old_state, int new_state)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u64 address = (__u64)sk;
	struct tcp_socket *socket, fresh = {};
	struct cgroup_ref cgroup;

	if (old_state == TCP_CLOSE) {
		/* what an earlier socket at this address left, when its end was missed */
		end_followed(address);
		if (!tcp_config.tracepoints_count_all)
			return;
		if (new_state == TCP_SYN_SENT) {
			if (!read_destination(sk, &fresh.destination))
				return;
			cgroup_of_actor(task, sk, &cgroup);
			fresh.destination.cgroup_id = cgroup.id;
			fresh.destination.hierarchy = cgroup.hierarchy;
			account_connecting(&fresh);
			remember(address, &fresh);
		} else if (new_state == TCP_LISTEN) {
			if (!read_listener(sk, &fresh.listener))
				return;
			cgroup_of_actor(task, sk, &cgroup);
			fresh.listener.cgroup_id = cgroup.id;
			fresh.listener.hierarchy = cgroup.hierarchy;
			if (account_listen(&fresh, BPF_CORE_READ(task, tgid)))
				remember(address, &fresh);
		}
		return;
	}

	socket = bpf_map_lookup_elem(&sockets_by_address, &address);
	if (!socket)
		return;
	if (socket->role == ROLE_LISTENING || socket->role == ROLE_ACTIVE) {
		end_followed(address);
		return;
	}
	account_state(socket, new_state, BPF_CORE_READ(sk, sk_err));
	if (socket->role == ROLE_NONE)
		bpf_map_delete_elem(&sockets_by_address, &address);
}

static __always_inline void on_retransmit(struct sock *sk)
{
	__u64 address = (__u64)sk;
	struct tcp_socket *socket = bpf_map_lookup_elem(&sockets_by_address, &address);

	if (socket)
		account_retransmits(socket, 1);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(tcp_set_state, struct sock *sk, int old_state, int new_state)
{
	if (!tcp_config.tracepoints_count_all && !filter_has(sk->__sk_common.skc_hash))
		return 0;
	if (sk->sk_protocol == IPPROTO_TCP)
		on_new_state(sk, old_state, new_state);
	return 0;
}

SEC("tp_btf/tcp_retransmit_skb")
int BPF_PROG(tcp_retransmit, struct sock *sk)
{
	on_retransmit(sk);
	return 0;
}

SEC("tracepoint/sock/inet_sock_set_state")
int tcp_set_state_plain(struct trace_event_raw_inet_sock_set_state *record)
{
	if (BPF_CORE_READ(record, protocol) == IPPROTO_TCP)
		on_new_state((struct sock *)BPF_CORE_READ(record, skaddr),
			     BPF_CORE_READ(record, oldstate), BPF_CORE_READ(record, newstate));
	return 0;
}

SEC("tracepoint/tcp/tcp_retransmit_skb")
int tcp_retransmit_plain(void *ctx)
{
	struct trace_event_raw_tcp_retransmit_skb *record = ctx;
	struct trace_event_raw_tcp_event_sk_skb *shared = ctx;

	if (bpf_core_type_exists(struct trace_event_raw_tcp_retransmit_skb))
		on_retransmit((struct sock *)BPF_CORE_READ(record, skaddr));
	else
		on_retransmit((struct sock *)BPF_CORE_READ(shared, skaddr));
	return 0;
}

/* ---- what was open before us ---- */

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

static __always_inline void follow_older(struct sock *sk, struct task_struct *task, int state)
{
	__u64 address = (__u64)sk;
	struct tcp_socket socket = {};
	struct cgroup_ref cgroup;
	struct tcp_totals *row;

	cgroup_of_task(task, &cgroup);
	if (state == TCP_LISTEN) {
		if (!read_listener(sk, &socket.listener))
			return;
		socket.listener.cgroup_id = cgroup.id;
		socket.listener.hierarchy = cgroup.hierarchy;
		socket.role = ROLE_LISTENING;
	} else {
		if (state == TCP_ESTABLISHED && !is_outbound(sk))
			return;
		if (!read_destination(sk, &socket.destination))
			return;
		socket.destination.cgroup_id = cgroup.id;
		socket.destination.hierarchy = cgroup.hierarchy;
		socket.role = state == TCP_ESTABLISHED ? ROLE_ACTIVE : ROLE_CONNECTING_BEFORE;
	}
	/* a file seen through several tasks or descriptors is one socket */
	if (bpf_map_lookup_elem(&sockets_by_address, &address))
		return;
	if (state == TCP_LISTEN) {
		if (!account_listen(&socket, BPF_CORE_READ(task, tgid)))
			return;
	} else {
		row = choose_place(&socket);
		if (!row)
			return;
		row->last_nanos = bpf_ktime_get_ns();
		if (state == TCP_ESTABLISHED)
			__sync_fetch_and_add(&row->active, 1);
	}
	filter_add(BPF_CORE_READ(sk, __sk_common.skc_hash));
	if (bpf_map_update_elem(&sockets_by_address, &address, &socket, BPF_NOEXIST))
		count_drop(DROP_SOCKET);
	/* it may have gone on before it was in the map, with nobody looking */
	else if (state == TCP_SYN_SENT || BPF_CORE_READ(sk, __sk_common.skc_state) == state ||
		 bpf_map_delete_elem(&sockets_by_address, &address))
		return;
	if (state == TCP_LISTEN)
		account_unlisten(&socket);
	else if (state == TCP_ESTABLISHED)
		account_state(&socket, TCP_CLOSE, 0);
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
	follow_older(sk, task, state);
	address = (__u64)sk;
	if (bpf_map_lookup_elem(&sockets_by_address, &address))
		bpf_seq_write(seq, &address, sizeof(address));
	return 0;
}
