/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* What a BPF iterator is called with; Documentation/bpf/bpf_iterators.rst. */
#pragma once

#include "types.h"

struct seq_file;
struct task_struct;
struct file;
struct sock;

#pragma clang diagnostic push
/* only the fields named here exist for us: padding says nothing */
#pragma clang diagnostic ignored "-Wpadded"
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct bpf_iter_meta {
	struct seq_file *seq;
	/* another one for each run */
	__u64 session_id;
};

/* task is NULL in the last call of a run */
struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

/* key and value are NULL in the last call of a run */
struct bpf_iter__bpf_map_elem {
	struct bpf_iter_meta *meta;
	void *key;
	void *value;
};

/* sk and value are NULL in the last call of a run */
struct bpf_iter__bpf_sk_storage_map {
	struct bpf_iter_meta *meta;
	struct sock *sk;
	void *value;
};

#pragma clang attribute pop
#pragma clang diagnostic pop
