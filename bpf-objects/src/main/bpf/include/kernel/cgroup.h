/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* The fields of the kernel's cgroup structures that we read; CO-RE finds their places. */
#pragma once

#include "types.h"

#pragma clang diagnostic push
/* only the fields named here exist for us: padding says nothing */
#pragma clang diagnostic ignored "-Wpadded"
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* The directory of a cgroup; its id is what stat(2) shows as inode number. */
struct kernfs_node {
	__u64 id;
};

struct cgroup_root {
	/* 0 is cgroup v2; the others are the first column of /proc/<pid>/cgroup */
	int hierarchy_id;
};

struct cgroup {
	/* 0 is the root of the hierarchy */
	int level;
	struct kernfs_node *kn;
	struct cgroup_root *root;
};

struct cgroup_subsys_state {
	struct cgroup *cgroup;
};

/* All cgroups of a task: one per controller, and its place in cgroup v2. */
struct css_set {
	struct cgroup_subsys_state *subsys[1];
	struct cgroup *dfl_cgrp;
};

#pragma clang attribute pop
#pragma clang diagnostic pop

/* Numbers depend on the kernel's configuration: only ever used through CO-RE. */
enum cgroup_subsys_id {
	memory_cgrp_id = 0,
	cpu_cgrp_id = 1,
	pids_cgrp_id = 2,
};
