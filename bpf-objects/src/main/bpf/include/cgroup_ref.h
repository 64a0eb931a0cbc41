/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Who did it: the cgroup of a task, on cgroup v2, hybrid and v1 hosts. */
#pragma once

#include "kernel/cgroup.h"
#include "kernel/sock.h"
#include "kernel/task.h"

/* Ids are unique within a hierarchy only, so both parts name a cgroup. */
struct cgroup_ref {
	__u64 id;
	__u32 hierarchy;
	__u32 zero;
};

_Static_assert(sizeof(struct cgroup_ref) == 16, "shared with user space");

static __always_inline void cgroup_ref_of(struct cgroup *cgroup, struct cgroup_ref *out)
{
	out->id = BPF_CORE_READ(cgroup, kn, id);
	out->hierarchy = BPF_CORE_READ(cgroup, root, hierarchy_id);
	out->zero = 0;
}

static __always_inline struct cgroup *controller_cgroup(struct css_set *set, __u64 controller)
{
	struct cgroup_subsys_state **slot =
		(void *)set + bpf_core_field_offset(set->subsys) + controller * sizeof(void *);
	struct cgroup_subsys_state *state = NULL;

	bpf_probe_read_kernel(&state, sizeof(state), slot);
	return BPF_CORE_READ(state, cgroup);
}

static __always_inline void take_deeper(struct cgroup *candidate, struct cgroup **best, int *level)
{
	int candidate_level = BPF_CORE_READ(candidate, level);

	if (candidate && candidate_level > *level) {
		*best = candidate;
		*level = candidate_level;
	}
}

/*
 * A task lies in cgroup v2 and, on v1 and hybrid hosts, in one group of each
 * controller. Runtimes do not use them all: systemd on hybrid hosts places
 * services in v2 alone, docker on v1 in every controller, some tools in one.
 * The deepest place says most; on a tie v2, then memory, cpu, pids wins.
 */
static __always_inline void cgroup_of_task(struct task_struct *task, struct cgroup_ref *out)
{
	struct css_set *set = BPF_CORE_READ(task, cgroups);
	struct cgroup *best = BPF_CORE_READ(set, dfl_cgrp);
	int level = BPF_CORE_READ(best, level);

	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		take_deeper(controller_cgroup(set, bpf_core_enum_value(enum cgroup_subsys_id,
								       memory_cgrp_id)),
			    &best, &level);
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, cpu_cgrp_id))
		take_deeper(controller_cgroup(
				    set, bpf_core_enum_value(enum cgroup_subsys_id, cpu_cgrp_id)),
			    &best, &level);
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id))
		take_deeper(controller_cgroup(
				    set, bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id)),
			    &best, &level);
	cgroup_ref_of(best, out);
}

/*
 * The same for the acting task, without a helper call per field: its pointer is
 * typed (5.11), so its fields are loaded directly. A connect pays for this.
 */
static __always_inline void take_deeper_typed(struct css_set *set, __u64 controller,
					      struct cgroup **best, int *level)
{
	struct cgroup_subsys_state *state =
		*(struct cgroup_subsys_state **)((void *)set + bpf_core_field_offset(set->subsys) +
						 controller * sizeof(void *));
	struct cgroup *candidate = state->cgroup;
	int candidate_level = candidate->level;

	if (candidate_level > *level) {
		*best = candidate;
		*level = candidate_level;
	}
}

static __always_inline void cgroup_of_current(struct cgroup_ref *out)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct css_set *set = task->cgroups;
	struct cgroup *best = set->dfl_cgrp;
	int level = best->level;

	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, memory_cgrp_id))
		take_deeper_typed(set, bpf_core_enum_value(enum cgroup_subsys_id, memory_cgrp_id),
				  &best, &level);
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, cpu_cgrp_id))
		take_deeper_typed(set, bpf_core_enum_value(enum cgroup_subsys_id, cpu_cgrp_id),
				  &best, &level);
	if (bpf_core_enum_value_exists(enum cgroup_subsys_id, pids_cgrp_id))
		take_deeper_typed(set, bpf_core_enum_value(enum cgroup_subsys_id, pids_cgrp_id),
				  &best, &level);
	out->id = best->kn->id;
	out->hierarchy = best->root->hierarchy_id;
	out->zero = 0;
}

/* The cgroup that a socket was made in, where cgroup v2 knows it. */
static __always_inline struct cgroup *cgroup_of_socket(struct sock *sk)
{
	struct sock_cgroup_data___tagged *tagged;
	__u64 val = 0;

	if (bpf_core_field_exists(sk->sk_cgrp_data.cgroup))
		return BPF_CORE_READ(sk, sk_cgrp_data.cgroup);
	/* before 5.15: a pointer, or with its lowest bit set a net_cls class */
	tagged = (void *)&sk->sk_cgrp_data;
	bpf_core_read(&val, sizeof(val), &tagged->val);
	return val & 1 ? NULL : (void *)(val & ~3ULL);
}

/*
 * The acting task's cgroup. Kernel workers connect on behalf of others (MPTCP
 * subflows): then the socket's own cgroup.
 */
static __always_inline void cgroup_of_actor(struct task_struct *task, struct sock *sk,
					    struct cgroup_ref *out)
{
	struct cgroup *cgroup = NULL;

	if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
		cgroup = cgroup_of_socket(sk);
	if (cgroup)
		cgroup_ref_of(cgroup, out);
	else if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf))
		cgroup_of_current(out);
	else
		cgroup_of_task(task, out);
}
