/**
 * The compiled BPF objects, as resources under {@code META-INF/bpf}; there is no code in here.
 *
 * <p>BPF bytecode is the same on every little-endian machine and the programs touch no CPU registers, so one object
 * serves x86-64 and arm64; CO-RE relocations adapt it to the kernel that loads it.
 */
module io.nodetelemetry.bpf {}
