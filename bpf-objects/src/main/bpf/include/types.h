/* SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0 */
/* Fixed-width types, helpers and the pieces of UAPI that all programs use. */
#pragma once

#include <stddef.h>
#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_tracing.h>

/* linux/bpf.h defines these in an enum of its own only for user space. */
#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6

/* asm-generic/errno.h, which is no header for programs */
#define EACCES 13
#define ENETUNREACH 101
#define ECONNRESET 104
#define ETIMEDOUT 110
#define ECONNREFUSED 111
#define EHOSTUNREACH 113

/* Makes a struct part of the object's BTF, where the layout tests read it. */
#define EXPORT_TYPE(type) const struct type *unused_##type __attribute__((unused))
#define EXPORT_ENUM(type) const enum type *unused_##type __attribute__((unused))
