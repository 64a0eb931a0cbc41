/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What could not be kept, counted by reason: nothing is lost silently. */
#pragma once

#include "types.h"

enum drop_reason {
	/* a destination shares the overflow row of its cgroup: detail lost, totals exact */
	DROP_DESTINATION_OVERFLOW,
	/* not even that row fits: counted without its cgroup */
	DROP_CGROUP_OVERFLOW,
	/* a connection that is not followed at all */
	DROP_SOCKET,
	/* a listener that is not shown */
	DROP_LISTENER,
	/* an event that did not fit into the ring buffer */
	DROP_EVENT,
	/* an OOM victim that could not be remembered until its exit */
	DROP_OOM_VICTIM,
	/* a file system that is written to and not shown */
	DROP_MOUNT,
	/* a task whose delays found no row for their cgroup */
	DROP_DELAY_ROW,
	/* a delay that a task cannot have had */
	DROP_DELAY_JUMP,
	/* a destination beyond those that its cgroup may have shares the overflow row: detail lost, totals exact */
	DROP_DESTINATION_LIMIT,
	/* a translation of addresses that could not be noted, or was announced in a form that is not understood */
	DROP_TRANSLATION,
	/* an open connection whose bytes are not shown before it is closed */
	DROP_OPEN_CONNECTION,
	DROP_REASONS,
};

EXPORT_ENUM(drop_reason);

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, DROP_REASONS);
	__type(key, __u32);
	__type(value, __u64);
} drops SEC(".maps");

static __always_inline void count_drop(__u32 reason)
{
	__u64 *count = bpf_map_lookup_elem(&drops, &reason);

	if (count)
		__sync_fetch_and_add(count, 1);
}
