/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
#pragma once

#include "types.h"

#pragma clang diagnostic push
/* only the fields named here exist for us: padding says nothing */
#pragma clang diagnostic ignored "-Wpadded"
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct task_struct {
	/* PF_KTHREAD tells a kernel worker from a process */
	unsigned int flags;
	/* the thread's id and its process's id; equal for the group leader */
	int pid;
	int tgid;
	struct css_set *cgroups;
};

#pragma clang attribute pop
#pragma clang diagnostic pop

#define PF_KTHREAD 0x00200000
