/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/*
 * What connections really reach where addresses are translated (DNAT), as conntrack
 * announces it.
 *
 * The kernel tells conntrack's netlink listeners of each new connection when the
 * packet that began it is about to leave the namespace that translated it. It runs
 * their socket filters there and then, in the context of that packet. So the filter
 * below has noted a translation before the SYN is out, and nobody needs to be woken:
 * it accepts nothing, so nothing is queued and nothing can overflow.
 */
#pragma once

#include "drops.h"
#include "tcp_config.h"

/*
 * The two ends of a connection as its client has them; addresses and ports as in
 * struct destination. Aligned, as it is copied in words then.
 */
struct tcp_flow {
	__u8 source[16];
	__u8 destination[16];
	__u16 source_port;
	__u16 destination_port;
	__u32 zero;
} __attribute__((aligned(8)));

_Static_assert(sizeof(struct tcp_flow) == 40, "shared with user space");

/*
 * How a flow goes on. Of what is not a connection of a socket that we follow, what is
 * oldest makes room.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, struct tcp_flow);
	__type(value, struct tcp_flow);
} translations SEC(".maps");

/* Whether there ever was one: where nothing is translated, that is all that is looked at. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} translations_seen SEC(".maps");

/* linux/netfilter/nfnetlink_conntrack.h: type of a message, and of the attributes in the order in which they come. */
#define CONNTRACK_NEW 0x0100
#define CTA_TUPLE_ORIG 1
#define CTA_TUPLE_REPLY 2
#define CTA_TUPLE_IP 1
#define CTA_TUPLE_PROTO 2
#define CTA_IP_V4_SRC 1
#define CTA_IP_V4_DST 2
#define CTA_IP_V6_SRC 3
#define CTA_IP_V6_DST 4
#define CTA_PROTO_NUM 1
#define CTA_PROTO_SRC_PORT 2
#define CTA_PROTO_DST_PORT 3

/* linux/netlink.h: the rest are flags */
#define ATTRIBUTE_TYPE_MASK 0x3fff

/* struct nlmsghdr and struct nfgenmsg */
struct conntrack_message {
	__u32 length;
	__u16 type;
	__u16 flags;
	__u32 sequence;
	__u32 port_id;
	__u8 family;
	__u8 version;
	__u16 resource;
};

struct attribute {
	__u16 length;
	__u16 type;
};

struct tuple_ports {
	struct attribute proto;
	struct attribute number_head;
	__u8 number;
	__u8 number_padding[3];
	struct attribute source_head;
	__u16 source;
	__u16 source_padding;
	struct attribute destination_head;
	__u16 destination;
	__u16 destination_padding;
};

struct tuple_v4 {
	struct attribute tuple;
	struct attribute ip;
	struct attribute source_head;
	__u32 source;
	struct attribute destination_head;
	__u32 destination;
	struct tuple_ports ports;
};

struct tuple_v6 {
	struct attribute tuple;
	struct attribute ip;
	struct attribute source_head;
	__u8 source[16];
	struct attribute destination_head;
	__u8 destination[16];
	struct tuple_ports ports;
};

enum tuple_kind {
	TUPLE_TCP,
	TUPLE_OTHER,
	TUPLE_STRANGE,
};

static __always_inline bool is_attribute(const struct attribute *attribute, __u16 type,
					 __u16 value_length)
{
	return (attribute->type & ATTRIBUTE_TYPE_MASK) == type &&
	       attribute->length == sizeof(*attribute) + value_length;
}

static __always_inline enum tuple_kind read_ports(const struct tuple_ports *ports,
						  struct tcp_flow *out)
{
	/* other protocols have other attributes from here on */
	if ((ports->proto.type & ATTRIBUTE_TYPE_MASK) != CTA_TUPLE_PROTO ||
	    !is_attribute(&ports->number_head, CTA_PROTO_NUM, 1))
		return TUPLE_STRANGE;
	if (ports->number != IPPROTO_TCP)
		return TUPLE_OTHER;
	if (!is_attribute(&ports->source_head, CTA_PROTO_SRC_PORT, 2) ||
	    !is_attribute(&ports->destination_head, CTA_PROTO_DST_PORT, 2))
		return TUPLE_STRANGE;
	out->source_port = bpf_ntohs(ports->source);
	out->destination_port = bpf_ntohs(ports->destination);
	return TUPLE_TCP;
}

/* The tuple at *offset, which is moved behind it: a zone may follow what is read of it. */
static __always_inline enum tuple_kind read_v4(struct __sk_buff *message, __u32 *offset, __u16 type,
					       struct tcp_flow *out)
{
	struct tuple_v4 tuple;

	if (bpf_skb_load_bytes(message, *offset, &tuple, sizeof(tuple)))
		return TUPLE_STRANGE;
	if ((tuple.tuple.type & ATTRIBUTE_TYPE_MASK) != type ||
	    (tuple.ip.type & ATTRIBUTE_TYPE_MASK) != CTA_TUPLE_IP ||
	    !is_attribute(&tuple.source_head, CTA_IP_V4_SRC, 4) ||
	    !is_attribute(&tuple.destination_head, CTA_IP_V4_DST, 4))
		return TUPLE_STRANGE;
	copy_ipv4_mapped(out->source, tuple.source);
	copy_ipv4_mapped(out->destination, tuple.destination);
	*offset += tuple.tuple.length;
	return read_ports(&tuple.ports, out);
}

static __always_inline enum tuple_kind read_v6(struct __sk_buff *message, __u32 *offset, __u16 type,
					       struct tcp_flow *out)
{
	struct tuple_v6 tuple;

	if (bpf_skb_load_bytes(message, *offset, &tuple, sizeof(tuple)))
		return TUPLE_STRANGE;
	if ((tuple.tuple.type & ATTRIBUTE_TYPE_MASK) != type ||
	    (tuple.ip.type & ATTRIBUTE_TYPE_MASK) != CTA_TUPLE_IP ||
	    !is_attribute(&tuple.source_head, CTA_IP_V6_SRC, 16) ||
	    !is_attribute(&tuple.destination_head, CTA_IP_V6_DST, 16))
		return TUPLE_STRANGE;
	__builtin_memcpy(out->source, tuple.source, 16);
	__builtin_memcpy(out->destination, tuple.destination, 16);
	*offset += tuple.tuple.length;
	return read_ports(&tuple.ports, out);
}

static __always_inline enum tuple_kind read_flows(struct __sk_buff *message, __u8 family,
						  struct tcp_flow *original, struct tcp_flow *reply)
{
	__u32 offset = sizeof(struct conntrack_message);
	enum tuple_kind kind;

	switch (family) {
	case AF_INET:
		kind = read_v4(message, &offset, CTA_TUPLE_ORIG, original);
		return kind == TUPLE_TCP ? read_v4(message, &offset, CTA_TUPLE_REPLY, reply) : kind;
	case AF_INET6:
		kind = read_v6(message, &offset, CTA_TUPLE_ORIG, original);
		return kind == TUPLE_TCP ? read_v6(message, &offset, CTA_TUPLE_REPLY, reply) : kind;
	default:
		return TUPLE_OTHER;
	}
}

static __always_inline bool same_address(const __u8 *one, const __u8 *other)
{
	const __u64 *a = (const void *)one, *b = (const void *)other;

	return a[0] == b[0] && a[1] == b[1];
}

static __always_inline bool any_translation(void)
{
	__u32 first = 0;
	const __u32 *seen = bpf_map_lookup_elem(&translations_seen, &first);

	return seen && *seen;
}

static __always_inline void note_translation(const struct tcp_flow *original,
					     const struct tcp_flow *reply)
{
	struct tcp_flow onward = {};
	__u32 first = 0, yes = 1;

	__builtin_memcpy(onward.source, reply->destination, 16);
	__builtin_memcpy(onward.destination, reply->source, 16);
	onward.source_port = reply->destination_port;
	onward.destination_port = reply->source_port;
	/* what an earlier connection left there: who translates this one again, tells after us */
	if (any_translation())
		bpf_map_delete_elem(&translations, &onward);
	else
		bpf_map_update_elem(&translations_seen, &first, &yes, BPF_ANY);
	if (bpf_map_update_elem(&translations, original, &onward, BPF_ANY))
		count_drop(DROP_TRANSLATION);
}

/* On a netlink socket that is subscribed to new conntrack entries. */
SEC("socket")
int hear_translation(struct __sk_buff *message)
{
	struct tcp_flow original = {}, reply = {};
	struct conntrack_message head;

	if (bpf_skb_load_bytes(message, 0, &head, sizeof(head))) {
		count_drop(DROP_TRANSLATION);
		return 0;
	}
	if (head.type != CONNTRACK_NEW)
		return 0;
	switch (read_flows(message, head.family, &original, &reply)) {
	case TUPLE_OTHER:
		return 0;
	case TUPLE_STRANGE:
		count_drop(DROP_TRANSLATION);
		return 0;
	case TUPLE_TCP:
		break;
	}
	if (!same_address(original.destination, reply.source) ||
	    original.destination_port != reply.source_port)
		note_translation(&original, &reply);
	else if (any_translation())
		/* the client's port was used before, and translated then */
		bpf_map_delete_elem(&translations, &original);
	return 0;
}

/* Each namespace on the way may translate. */
#define MAX_TRANSLATIONS 3

/* Follows a flow from its client to where it ends; false if nothing translates it. */
static __always_inline bool follow_translations(struct tcp_flow *flow)
{
	const struct tcp_flow *onward;
	int hop;

	for (hop = 0; hop < MAX_TRANSLATIONS; hop++) {
		onward = bpf_map_lookup_elem(&translations, flow);
		if (!onward)
			break;
		*flow = *onward;
	}
	return hop > 0;
}
