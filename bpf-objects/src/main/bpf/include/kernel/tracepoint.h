/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The records of plain tracepoints, as tracefs describes them in events/<name>/format. */
#pragma once

#include "types.h"

#pragma clang diagnostic push
/* only the fields named here exist for us: padding says nothing */
#pragma clang diagnostic ignored "-Wpadded"
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct trace_event_raw_inet_sock_set_state {
	const void *skaddr;
	int oldstate;
	int newstate;
	__u16 protocol;
};

/* tcp_retransmit_skb, until 6.10 of a class shared with tcp_send_reset */
struct trace_event_raw_tcp_event_sk_skb {
	const void *skbaddr;
	const void *skaddr;
};

struct trace_event_raw_tcp_retransmit_skb {
	const void *skbaddr;
	const void *skaddr;
	/* since 6.16 */
	int err;
};

#pragma clang attribute pop
#pragma clang diagnostic pop
