package io.nodetelemetry.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Something the machine must have for a test to prove anything. */
public enum HostFeature {
    /** Effective user 0 with CAP_SYS_ADMIN: root of an unprivileged container has the one and not the other. */
    ROOT {
        @Override
        public Optional<String> missing(Path root) {
            try {
                return processStatusMissing(
                        Files.readString(root.resolve("proc/self/status"), StandardCharsets.ISO_8859_1));
            } catch (IOException e) {
                return Optional.of("cannot tell whether this is root: " + e);
            }
        }
    },

    /** The kernel's own type information, which CO-RE programs are relocated against. */
    BTF {
        @Override
        public Optional<String> missing(Path root) {
            return Files.isReadable(root.resolve("sys/kernel/btf/vmlinux"))
                    ? Optional.empty()
                    : Optional.of("no /sys/kernel/btf/vmlinux; needs a kernel built with CONFIG_DEBUG_INFO_BTF");
        }
    },

    /** {@code libbpf.so.1}, which loads the programs. */
    LIBBPF {
        @Override
        public Optional<String> missing(Path root) {
            return inAny(root, "libbpf.so.1", libraryDirectories(root))
                    ? Optional.empty()
                    : Optional.of("no libbpf.so.1; on Debian: apt-get install libbpf1");
        }
    },

    /** The docker daemon's binary: such tests start a daemon of their own and touch no running one. */
    DOCKERD {
        @Override
        public Optional<String> missing(Path root) {
            return inAny(root, "dockerd", PROGRAMS)
                    ? Optional.empty()
                    : Optional.of("no dockerd; on Debian: apt-get install docker.io");
        }
    },

    /** containerd's binary, and what it makes pods with; such tests, too, start a daemon of their own. */
    CONTAINERD {
        @Override
        public Optional<String> missing(Path root) {
            return inAny(root, "containerd", PROGRAMS)
                            && inAny(root, "runc", PROGRAMS)
                            && inAny(root, "bridge", List.of("usr/lib/cni"))
                    ? Optional.empty()
                    : Optional.of("no containerd, runc or CNI plugins; on Debian: apt-get install containerd runc"
                            + " containernetworking-plugins");
        }
    },

    /** Podman, its monitor, and the low-level runtime that works where crun does not. */
    PODMAN {
        @Override
        public Optional<String> missing(Path root) {
            return inAny(root, "podman", PROGRAMS) && inAny(root, "conmon", PROGRAMS) && inAny(root, "runc", PROGRAMS)
                    ? Optional.empty()
                    : Optional.of("no podman, conmon or runc; on Debian: apt-get install podman conmon runc");
        }
    },

    /** journald's binary, to be run in a mount namespace of its own. */
    JOURNALD {
        @Override
        public Optional<String> missing(Path root) {
            return inAny(root, "systemd-journald", List.of("usr/lib/systemd", "lib/systemd"))
                    ? Optional.empty()
                    : Optional.of("no systemd-journald; on Debian: apt-get install systemd");
        }
    },

    /** systemd and the bus, to be run in a container, whatever the machine itself was started by. */
    SYSTEMD {
        @Override
        public Optional<String> missing(Path root) {
            return inAny(root, "systemd", List.of("usr/lib/systemd")) && inAny(root, "dbus-daemon", PROGRAMS)
                    ? Optional.empty()
                    : Optional.of("no systemd or dbus-daemon; on Debian: apt-get install systemd dbus");
        }
    },

    /** What rotates most logs of machines without containers. */
    LOGROTATE {
        @Override
        public Optional<String> missing(Path root) {
            return inAny(root, "logrotate", PROGRAMS)
                    ? Optional.empty()
                    : Optional.of("no logrotate; on Debian: apt-get install logrotate");
        }
    },

    /** A shell and its tools in one static file, for root directories with nothing else in them. */
    BUSYBOX {
        @Override
        public Optional<String> missing(Path root) {
            return inAny(root, "busybox", PROGRAMS)
                    ? Optional.empty()
                    : Optional.of("no busybox; on Debian: apt-get install busybox-static");
        }
    };

    private static final List<String> PROGRAMS =
            List.of("usr/bin", "usr/sbin", "bin", "sbin", "usr/local/bin", "usr/local/sbin");

    private static final int CAP_SYS_ADMIN = 21;

    /**
     * Why the feature is not there, and the remedy; empty if it is.
     *
     * @param root the file system to look in, {@code /} outside the tests of this class
     */
    public abstract Optional<String> missing(Path root);

    /** Why a process with this {@code /proc/self/status} is not root; see proc_pid_status(5). */
    static Optional<String> processStatusMissing(String status) {
        String effectiveUid = field(status, "Uid:", 1);
        if (!effectiveUid.equals("0")) {
            return Optional.of("not root (effective uid " + effectiveUid + "); run as root");
        }
        long effective = Long.parseUnsignedLong(field(status, "CapEff:", 0), 16);
        return (effective & (1L << CAP_SYS_ADMIN)) != 0
                ? Optional.empty()
                : Optional.of("root without CAP_SYS_ADMIN; run outside the container, or privileged");
    }

    private static String field(String status, String name, int index) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).strip().split("\\s+", -1))
                .filter(values -> values.length > index)
                .map(values -> values[index])
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + name + " in /proc/self/status"));
    }

    private static List<String> libraryDirectories(Path root) {
        Stream<String> plain = Stream.of("lib", "lib64", "usr/lib", "usr/lib64", "usr/local/lib");
        // Debian's multiarch directories, such as usr/lib/x86_64-linux-gnu.
        String[] multiarch = root.resolve("usr/lib").toFile().list((parent, name) -> name.endsWith("-linux-gnu"));
        Stream<String> below =
                multiarch == null ? Stream.of() : Arrays.stream(multiarch).map(name -> "usr/lib/" + name);
        return Stream.concat(plain, below).toList();
    }

    private static boolean inAny(Path root, String file, List<String> directories) {
        return directories.stream().anyMatch(d -> Files.exists(root.resolve(d).resolve(file)));
    }
}
