/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The fields of the kernel's socket structures that we read; CO-RE finds their places. */
#pragma once

#include "types.h"

#pragma clang diagnostic push
/* only the fields named here exist for us: padding says nothing */
#pragma clang diagnostic ignored "-Wpadded"
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct in6_addr {
	__u8 u6_addr8[16];
};

struct ns_common {
	/* what readlink /proc/<pid>/ns/net shows */
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct sock_common {
	/* remote and local IPv4 address, network order */
	__u32 skc_daddr;
	__u32 skc_rcv_saddr;
	/* place in the table of connections; stays when the socket leaves the table */
	unsigned int skc_hash;
	/* remote port in network order, local port in host order */
	__u16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	/* IPV6_V6ONLY */
	unsigned char skc_ipv6only : 1;
	/* bits of enum sock_flags */
	unsigned long skc_flags;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

/* The cgroup a socket was made in; cgroup v2 only. Before 5.15 a tagged integer. */
struct sock_cgroup_data {
	struct cgroup *cgroup;
};

struct sock_cgroup_data___tagged {
	__u64 val;
};

struct sock {
	struct sock_common __sk_common;
	/* why a connect failed or a connection ended, errno > 0; 0 when the caller closed it */
	int sk_err;
	__u16 sk_protocol;
	struct sock_cgroup_data sk_cgrp_data;
};

struct tcp_sock {
	/* sequence numbers: first not acknowledged, next to be sent, next to be queued */
	__u32 snd_una;
	__u32 snd_nxt;
	__u32 write_seq;
	/* bytes acknowledged by the peer (the SYN of an active open counts as one) */
	__u64 bytes_acked;
	/* bytes received in order (the peer's FIN counts as one) */
	__u64 bytes_received;
	/* payload handed to IP, retransmissions included, and those alone (4.19) */
	__u64 bytes_sent;
	__u64 bytes_retrans;
	/* smoothed round-trip time in eighths of a microsecond; 0 before the first measurement */
	__u32 srtt_us;
	/* callbacks that sock_ops programs asked for */
	__u8 bpf_sock_ops_cb_flags;
};

struct sk_buff {
	/* struct tcp_skb_cb, in segments of TCP */
	char cb[48];
};

struct tcp_skb_cb {
	/* segments on the wire, counted by the maximum segment size */
	__u16 tcp_gso_segs;
};

struct socket {
	struct sock *sk;
};

#pragma clang attribute pop
#pragma clang diagnostic pop

/* include/net/tcp_states.h; fixed since TCP_INFO shows them to programs. */
enum tcp_state {
	TCP_ESTABLISHED = 1,
	TCP_SYN_SENT = 2,
	TCP_SYN_RECV = 3,
	TCP_FIN_WAIT1 = 4,
	TCP_FIN_WAIT2 = 5,
	TCP_CLOSE = 7,
	TCP_CLOSE_WAIT = 8,
	TCP_LAST_ACK = 9,
	TCP_LISTEN = 10,
	TCP_CLOSING = 11,
};

/* enum sock_flags: the peer's FIN was received. The second of all, and nothing was ever put before it. */
#define SOCK_DONE 1
