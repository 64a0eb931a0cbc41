/* SPDX-License-Identifier: Apache-2.0 */
/* How many files a program may have open: RLIMIT_NOFILE, see getrlimit(2). */
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include <sys/resource.h>

/* For that many open files if the process may (CAP_SYS_RESOURCE, fs.nr_open), else for as many as it is allowed. */
static inline void descriptors_allow(unsigned long wanted)
{
	struct rlimit limit, more = { .rlim_cur = wanted, .rlim_max = wanted };

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	if (wanted > limit.rlim_max && setrlimit(RLIMIT_NOFILE, &more) == 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

#endif
