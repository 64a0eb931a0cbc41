/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What a connection carried, and how far its peer is, by TCP's own sums. */
#pragma once

#include "kernel/sock.h"

/* Since the connection began, each byte of payload once. */
struct tcp_carried {
	__u64 sent;
	__u64 received;
	/* smoothed; 0 before the first measurement */
	__u64 rtt_micros;
};

/* As struct tcp_sock and struct sock have them. */
struct tcp_sums {
	__u64 acked;
	__u64 received;
	__u64 flags;
	__u32 una;
	__u32 nxt;
	__u32 queued;
	__u32 srtt;
};

/*
 * What is sent is what was acknowledged and what is in flight, so a segment that
 * the local machine refused to transmit and that was tried again counts once.
 * Sequence numbers count the SYN, which came first, and the FIN: that is sent when
 * everything is. The peer's FIN is among the bytes received.
 */
static __always_inline void carried_by(const struct tcp_sums *sums, int state,
				       struct tcp_carried *out)
{
	__s64 sent = sums->acked + (__s32)(sums->nxt - sums->una) - 1;
	bool closes = state == TCP_FIN_WAIT1 || state == TCP_FIN_WAIT2 || state == TCP_CLOSING ||
		      state == TCP_LAST_ACK;
	bool peer_closed = sums->flags & (1 << SOCK_DONE);

	if (closes && sums->nxt == sums->queued)
		sent--;
	out->sent = sent > 0 ? sent : 0;
	out->received = sums->received - (peer_closed && sums->received);
	out->rtt_micros = sums->srtt >> 3;
}

/* For a pointer that the verifier knows: plain loads. */
static __always_inline void typed_carried(struct tcp_sock *tcp, int state, struct tcp_carried *out)
{
	struct sock *sk = (void *)tcp;
	struct tcp_sums sums = {
		.acked = tcp->bytes_acked,
		.received = tcp->bytes_received,
		.flags = sk->__sk_common.skc_flags,
		.una = tcp->snd_una,
		.nxt = tcp->snd_nxt,
		.queued = tcp->write_seq,
		.srtt = tcp->srtt_us,
	};

	carried_by(&sums, state, out);
}

/* For any other, of a socket that rests, in that state. */
static __always_inline void read_carried(struct sock *sk, int state, struct tcp_carried *out)
{
	struct tcp_sock *tcp = (void *)sk;
	struct tcp_sums sums = {
		.acked = BPF_CORE_READ(tcp, bytes_acked),
		.received = BPF_CORE_READ(tcp, bytes_received),
		.flags = BPF_CORE_READ(sk, __sk_common.skc_flags),
		.una = BPF_CORE_READ(tcp, snd_una),
		.nxt = BPF_CORE_READ(tcp, snd_nxt),
		.queued = BPF_CORE_READ(tcp, write_seq),
		.srtt = BPF_CORE_READ(tcp, srtt_us),
	};

	carried_by(&sums, state, out);
}
