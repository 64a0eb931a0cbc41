// SPDX-License-Identifier: GPL-2.0-only OR Apache-2.0
/* Types of every shape that the BTF reader must place: see BtfLayoutTest. */
enum sample_kind { SAMPLE_OPEN = 1, SAMPLE_LOST = -5 };

typedef struct sample {
	unsigned long long cookie;
	union {
		unsigned char addr6[16];
		unsigned int addr4;
	};
	char comm[12];
	enum sample_kind kind;
	unsigned int low : 3;
	unsigned int high : 29;
	const volatile unsigned int tail;
} sample_t;

const volatile int first = 1;
const volatile unsigned long long second = 2;
const volatile char third[5] = "x";

const sample_t *unused_sample __attribute__((unused));

__attribute__((section("socket"), used)) int program(void *ctx)
{
	return first + (int)second + third[0];
}
