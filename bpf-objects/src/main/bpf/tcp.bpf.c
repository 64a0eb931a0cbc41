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
 *
 * What open connections carry is summed up by sum_..._sockets, when user space asks.
 */
#include "kernel/tracepoint.h"
#include "tcp_older.h"
#include "tcp_open.h"

char LICENSE[] SEC("license") = "GPL";

EXPORT_TYPE(tcp_config);
EXPORT_TYPE(tcp_flow);
EXPORT_ENUM(tcp_role);
EXPORT_TYPE(open_traffic);

/* ---- sock_ops ---- */

/* As read_peer(), from the context: plain loads. remote_port is in network order in the upper half. */
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
	return is_tracked(sk, out->address);
}

/*
 * As read_local(), from the context, of a socket that is known to be one of IP. The
 * barriers keep clang from joining the loads of both branches into one at a
 * computed offset, which the verifier refuses.
 */
static __always_inline void context_local(struct bpf_sock_ops *ops, struct local_end *out)
{
	__u32 words[4], last;

	if (ops->family == AF_INET) {
		last = ops->local_ip4;
		barrier_var(last);
		copy_ipv4_mapped(out->address, last);
	} else {
		last = ops->local_ip6[3];
		barrier_var(last);
		words[0] = ops->local_ip6[0];
		words[1] = ops->local_ip6[1];
		words[2] = ops->local_ip6[2];
		words[3] = last;
		__builtin_memcpy(out->address, words, 16);
	}
	out->port = ops->local_port;
}

static __always_inline void on_connect(struct bpf_sock_ops *ops, struct bpf_sock *bsk,
				       struct sock *sk)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct tcp_socket fresh = {};
	struct cgroup_ref cgroup;

	if (!context_destination(ops, sk, &fresh.destination))
		return;
	cgroup_of_actor(task, sk, &cgroup);
	fresh.destination.cgroup_id = cgroup.id;
	fresh.destination.hierarchy = cgroup.hierarchy;
	account_connecting(&fresh);
	follow(ops, bsk, &fresh, CLIENT_CALLBACKS);
}

static __always_inline void on_listen(struct bpf_sock_ops *ops, struct bpf_sock *bsk,
				      struct sock *sk)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct tcp_socket fresh = {};
	struct cgroup_ref cgroup;

	if (!read_listener(sk, &fresh.listener))
		return;
	cgroup_of_actor(task, sk, &cgroup);
	fresh.listener.cgroup_id = cgroup.id;
	fresh.listener.hierarchy = cgroup.hierarchy;
	if (account_listen(&fresh, BPF_CORE_READ(task, tgid)))
		follow(ops, bsk, &fresh, LISTENER_CALLBACKS);
}

static __always_inline void on_client_closed(struct bpf_sock_ops *ops, struct tcp_socket *socket,
					     struct bpf_sock *bsk, int old_state)
{
	struct tcp_sock *tcp = (void *)bpf_skc_to_tcp_sock(bsk);
	struct tcp_carried carried = {};
	struct sock *sk = (void *)tcp;
	struct local_end local;
	int error = 0;

	if (tcp) {
		error = sk->sk_err;
		if (socket->role == ROLE_ACTIVE || socket->role == ROLE_CLOSING)
			typed_carried(tcp, old_state, &carried);
	}
	if (socket->role == ROLE_CONNECTING) {
		account_failed(socket, error);
	} else if (socket->role != ROLE_NONE) {
		/* here the port is still the socket's own; where tracepoints hear of it, it is not */
		if (is_translated(&socket->destination)) {
			context_local(ops, &local);
			forget_translation(&socket->destination, &local);
		}
		account_closed(socket, error, &carried);
	}
	forget(bsk);
}

static __always_inline void on_client_state(struct bpf_sock_ops *ops, struct bpf_sock *bsk)
{
	int old_state = ops->args[0], new_state = ops->args[1];
	struct tcp_socket *socket;
	struct local_end local;

	if (new_state != TCP_CLOSE && old_state != TCP_SYN_SENT && old_state != TCP_SYN_RECV &&
	    old_state != TCP_ESTABLISHED)
		return;
	socket = find_socket(bsk);
	if (!socket)
		return;
	if (new_state == TCP_CLOSE) {
		on_client_closed(ops, socket, bsk, old_state);
	} else if (socket->role == ROLE_ACTIVE) {
		account_left(socket);
	} else if (socket->role == ROLE_CONNECTING) {
		if (new_state == TCP_ESTABLISHED) {
			context_local(ops, &local);
			account_established(socket, &local);
		} else if (new_state != TCP_SYN_RECV) {
			/* both ends had called connect (RFC 9293, 3.5), and this one has closed since */
			account_failed(socket, 0);
			forget(bsk);
		}
	}
}

static __always_inline void on_retransmitted(struct bpf_sock_ops *ops, struct bpf_sock *bsk)
{
	struct tcp_socket *socket = NULL;
	__u32 segments = ops->args[1];
	int error = ops->args[2];
	struct local_end local;
	struct sock *sk;

	if (error)
		return;
	context_local(ops, &local);
	if (ops->bpf_sock_ops_cb_flags & BPF_SOCK_OPS_RTO_CB_FLAG)
		socket = find_socket(bsk);
	if (socket) {
		account_retransmits(socket, &local, segments);
		return;
	}
	sk = (void *)bpf_skc_to_tcp_sock(bsk);
	if (sk)
		account_accepted_retransmits(&local, netns_of(sk), segments);
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
	struct sock *sk;

	if (!bsk)
		return 1;
	switch (ops->op) {
	case BPF_SOCK_OPS_TCP_CONNECT_CB:
	case BPF_SOCK_OPS_TCP_LISTEN_CB:
		/* a typed pointer to the same socket, whose fields CO-RE can find */
		sk = (void *)bpf_skc_to_tcp_sock(bsk);
		if (!sk)
			return 1;
		if (ops->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
			on_connect(ops, bsk, sk);
		else
			on_listen(ops, bsk, sk);
		return 1;
	case BPF_SOCK_OPS_STATE_CB:
		if (ops->args[0] == TCP_LISTEN) {
			socket = find_socket(bsk);
			if (socket && socket->role == ROLE_LISTENING) {
				account_unlisten(socket);
				forget(bsk);
			}
		} else if (ops->bpf_sock_ops_cb_flags & BPF_SOCK_OPS_RTO_CB_FLAG) {
			on_client_state(ops, bsk);
		}
		return 1;
	case BPF_SOCK_OPS_RETRANS_CB:
		on_retransmitted(ops, bsk);
		return 1;
	default:
		return 1;
	}
}

/* ---- tracepoints ---- */

/* A socket comes to life; only where sock_ops does not tell. */
static __always_inline void on_opened(struct sock *sk, int new_state)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct older_socket fresh = {};
	struct cgroup_ref cgroup;

	cgroup_of_actor(task, sk, &cgroup);
	if (new_state == TCP_SYN_SENT) {
		struct destination *destination = &fresh.socket.destination;

		if (!read_peer(sk, destination) || !is_tracked(sk, destination->address))
			return;
		destination->cgroup_id = cgroup.id;
		destination->hierarchy = cgroup.hierarchy;
		account_connecting(&fresh.socket);
		remember((__u64)sk, &fresh);
	} else if (new_state == TCP_LISTEN) {
		if (!read_listener(sk, &fresh.socket.listener))
			return;
		fresh.socket.listener.cgroup_id = cgroup.id;
		fresh.socket.listener.hierarchy = cgroup.hierarchy;
		if (account_listen(&fresh.socket, BPF_CORE_READ(task, tgid)))
			remember((__u64)sk, &fresh);
	}
}

/* Whoever deletes the entry books the end. */
static __always_inline void on_closed(struct sock *sk, int old_state, struct older_socket *followed)
{
	struct older_socket ended = *followed;
	struct tcp_carried carried = {};
	__u64 address = (__u64)sk;
	int error = BPF_CORE_READ(sk, sk_err);

	if (bpf_map_delete_elem(&sockets_by_address, &address))
		return;
	if (ended.socket.role == ROLE_ACTIVE || ended.socket.role == ROLE_CLOSING) {
		read_carried(sk, old_state, &carried);
		less_before(&ended, &carried);
		account_closed(&ended.socket, error, &carried);
	} else {
		account_failed(&ended.socket, error);
	}
}

static __always_inline void on_new_state(struct sock *sk, int old_state, int new_state)
{
	__u64 address = (__u64)sk;
	struct older_socket *followed;
	struct local_end local = {};

	if (old_state == TCP_CLOSE) {
		/* what an earlier socket at this address left, when its end was missed */
		end_followed(address);
		if (tcp_config.tracepoints_count_all)
			on_opened(sk, new_state);
		return;
	}

	followed = bpf_map_lookup_elem(&sockets_by_address, &address);
	if (!followed)
		return;
	if (followed->socket.role == ROLE_LISTENING) {
		end_followed(address);
	} else if (new_state == TCP_CLOSE) {
		on_closed(sk, old_state, followed);
	} else if (followed->socket.role == ROLE_ACTIVE) {
		followed->socket.started_nanos = bpf_ktime_get_ns();
		account_left(&followed->socket);
	} else if (followed->socket.role != ROLE_CLOSING) {
		if (new_state == TCP_ESTABLISHED) {
			read_local(sk, &local);
			account_established(&followed->socket, &local);
		} else if (new_state != TCP_SYN_RECV) {
			account_failed(&followed->socket, 0);
			bpf_map_delete_elem(&sockets_by_address, &address);
		}
	}
}

/* Whether sock_ops hears of its retransmissions. */
static __always_inline bool has_retransmit_callback(struct sock *sk)
{
	struct tcp_sock *tcp = (void *)sk;

	return !tcp_config.tracepoints_count_all &&
	       (BPF_CORE_READ(tcp, bpf_sock_ops_cb_flags) & BPF_SOCK_OPS_RETRANS_CB_FLAG);
}

/* A segment of the queue is several on the wire, where the device cuts it up. */
static __always_inline __u32 segments_in(const struct sk_buff *skb)
{
	struct tcp_skb_cb *block = (void *)skb + bpf_core_field_offset(skb->cb);

	return BPF_CORE_READ(block, tcp_gso_segs);
}

static __always_inline void on_retransmit(struct sock *sk, const struct sk_buff *skb)
{
	__u64 address = (__u64)sk;
	struct older_socket *followed = bpf_map_lookup_elem(&sockets_by_address, &address);
	struct local_end local = {};

	if (!followed && has_retransmit_callback(sk))
		return;
	if (!read_local(sk, &local))
		return;
	if (followed)
		account_retransmits(&followed->socket, &local, segments_in(skb));
	else
		account_accepted_retransmits(&local, netns_of(sk), segments_in(skb));
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

/* Arguments: socket, segment; since 6.16, which tells of segments that could not be sent too, the error. */
SEC("tp_btf/tcp_retransmit_skb")
int tcp_retransmit(unsigned long long *args)
{
	struct trace_event_raw_tcp_retransmit_skb *record = NULL;

	if (bpf_core_field_exists(record->err)) {
		if ((int)args[2])
			return 0;
	}
	on_retransmit((struct sock *)args[0], (struct sk_buff *)args[1]);
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

	if (bpf_core_field_exists(record->err) && BPF_CORE_READ(record, err))
		return 0;
	if (bpf_core_type_exists(struct trace_event_raw_tcp_retransmit_skb))
		on_retransmit((struct sock *)BPF_CORE_READ(record, skaddr),
			      (struct sk_buff *)BPF_CORE_READ(record, skbaddr));
	else
		on_retransmit((struct sock *)BPF_CORE_READ(shared, skaddr),
			      (struct sk_buff *)BPF_CORE_READ(shared, skbaddr));
	return 0;
}
