// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/*
 * Cgroups that come and go, processes that start and end, OOM kills: rare facts,
 * so each is an event. A cgroup's path is sent when it is made: a container that
 * lives for half a second can be named after it is gone.
 *
 * Typed tracepoints (5.5); mark_victim is a raw one because its argument was a
 * pid up to 6.8 and is a task since, which a typed program could not say.
 */
#include "cgroup_ref.h"
#include "drops.h"

char LICENSE[] SEC("license") = "GPL";

#define PATH_SIZE 1024
#define EVENTS_SIZE (1 << 20)

enum event_kind {
	EVENT_CGROUP_CREATED,
	EVENT_CGROUP_REMOVED,
	EVENT_PROCESS_STARTED,
	EVENT_PROCESS_EXITED,
	EVENT_OOM_KILLED,
	EVENT_CGROUP_OCCUPIED,
	EVENT_CGROUP_VACATED,
};

/* Every event begins with this; EVENT_CGROUP_CREATED goes on with a path. */
struct event {
	struct cgroup_ref cgroup;
	__u32 kind;
	/* 0 for cgroups */
	__u32 tgid;
};

struct cgroup_event {
	struct event event;
	/* NUL-terminated, absolute inside its hierarchy */
	char path[PATH_SIZE];
};

_Static_assert(sizeof(struct event) == 24, "shared with user space");
_Static_assert(sizeof(struct cgroup_event) == 24 + PATH_SIZE, "shared with user space");

EXPORT_ENUM(event_kind);
EXPORT_TYPE(event);
EXPORT_TYPE(cgroup_event);

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, EVENTS_SIZE);
} events SEC(".maps");

/* Victims between the kernel's choice and their end. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u8);
} oom_victims SEC(".maps");

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(cgroup_created, struct cgroup *cgroup, const char *path)
{
	struct cgroup_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		count_drop(DROP_EVENT);
		return 0;
	}
	cgroup_ref_of(cgroup, &event->event.cgroup);
	event->event.kind = EVENT_CGROUP_CREATED;
	event->event.tgid = 0;
	event->path[0] = 0;
	bpf_probe_read_kernel_str(event->path, sizeof(event->path), path);
	bpf_ringbuf_submit(event, BPF_RB_FORCE_WAKEUP);
	return 0;
}

static __always_inline void send(const struct cgroup_ref *cgroup, __u32 kind, __u32 tgid,
				 __u64 flags)
{
	struct event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		count_drop(DROP_EVENT);
		return;
	}
	event->cgroup = *cgroup;
	event->kind = kind;
	event->tgid = tgid;
	bpf_ringbuf_submit(event, flags);
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(cgroup_removed, struct cgroup *cgroup)
{
	struct cgroup_ref ref;

	cgroup_ref_of(cgroup, &ref);
	send(&ref, EVENT_CGROUP_REMOVED, 0, BPF_RB_FORCE_WAKEUP);
	return 0;
}

/*
 * Process events can wait for the reader's next look, until the buffer is a
 * quarter full. All others force the wake-up: without that the kernel wakes a
 * reader only for the record that it would read next.
 */
static __always_inline __u64 lazy_wakeup(void)
{
	return bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) > EVENTS_SIZE / 4 ?
		       BPF_RB_FORCE_WAKEUP :
		       BPF_RB_NO_WAKEUP;
}

/*
 * On cgroup v1 and v2 alike, once per cgroup and its parents as far as they
 * change. Can be as frequent as processes are, so it waits as these do.
 */
SEC("tp_btf/cgroup_notify_populated")
int BPF_PROG(cgroup_populated, struct cgroup *cgroup, const char *path, int populated)
{
	struct cgroup_ref ref;

	cgroup_ref_of(cgroup, &ref);
	send(&ref, populated ? EVENT_CGROUP_OCCUPIED : EVENT_CGROUP_VACATED, 0, lazy_wakeup());
	return 0;
}

static __always_inline void send_process(struct task_struct *task, __u32 kind, __u64 flags)
{
	struct cgroup_ref cgroup;

	cgroup_of_task(task, &cgroup);
	send(&cgroup, kind, BPF_CORE_READ(task, tgid), flags);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(process_started, struct task_struct *parent, struct task_struct *child)
{
	if (BPF_CORE_READ(child, pid) == BPF_CORE_READ(child, tgid))
		send_process(child, EVENT_PROCESS_STARTED, lazy_wakeup());
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(process_exited, struct task_struct *task)
{
	__u32 tgid = BPF_CORE_READ(task, tgid);

	if (BPF_CORE_READ(task, pid) != (int)tgid)
		return 0;
	if (bpf_map_lookup_elem(&oom_victims, &tgid)) {
		bpf_map_delete_elem(&oom_victims, &tgid);
		send_process(task, EVENT_OOM_KILLED, BPF_RB_FORCE_WAKEUP);
	}
	send_process(task, EVENT_PROCESS_EXITED, lazy_wakeup());
	return 0;
}

/* The victim is booked when it ends: then its cgroup is at hand on every kernel. */
SEC("raw_tp/mark_victim")
int oom_victim_marked(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 argument = ctx->args[0];
	__u32 tgid = argument;
	__u8 one = 1;

	/* no pid is that large: a task since 6.9 */
	if (argument >> 32)
		tgid = BPF_CORE_READ((struct task_struct *)argument, tgid);
	if (bpf_map_update_elem(&oom_victims, &tgid, &one, BPF_ANY))
		count_drop(DROP_OOM_VICTIM);
	return 0;
}
