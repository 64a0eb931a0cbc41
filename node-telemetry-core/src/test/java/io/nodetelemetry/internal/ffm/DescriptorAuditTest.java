package io.nodetelemetry.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Holds everything declared through {@link CLibrary} against the C headers of this machine: a C compiler reads the
 * headers first and our declarations after them, and refuses what does not agree.
 */
class DescriptorAuditTest {
    private static final String HEADERS = """
            #include <errno.h>
            /* O_PATH is for GNU sources. */
            #define __USE_GNU 1
            #include <fcntl.h>
            #include <unistd.h>
            #undef __USE_GNU
            #include <poll.h>
            #include <stdarg.h>
            #include <stddef.h>
            #include <stdio.h>
            #include <time.h>
            #include <sys/socket.h>
            #include <netinet/in.h>
            #include <sys/resource.h>
            #include <sys/syscall.h>
            #include <sys/uio.h>
            #include <sys/vfs.h>
            #include <linux/errqueue.h>
            #include <linux/icmp.h>
            #include <linux/icmpv6.h>
            #include <linux/magic.h>
            #include <linux/mount.h>
            #include <linux/net_tstamp.h>
            #include <linux/netlink.h>
            #include <linux/bpf.h>
            #include <bpf/bpf.h>
            #include <bpf/libbpf.h>
            #include <lz4.h>
            #include <lzma.h>
            #include <zstd.h>
            /* setns(2) is for GNU sources, where socket addresses are declared in a way that no prototype repeats. */
            #define __USE_GNU 1
            #include <sched.h>
            #include <dirent.h>
            #include <sys/eventfd.h>
            #include <sys/inotify.h>
            #include <sys/stat.h>
            #include <linux/openat2.h>
            """;

    @TempDir
    private static Path directory = Path.of("");

    @BeforeAll
    static void declareEverything() throws Exception {
        // Handles, layouts and constants are declared as their classes are initialised.
        Libbpf.load();
        for (Class<?> type : List.of(
                Libc.class,
                Sockets.class,
                NetlinkChannel.class,
                IcmpSocket.class,
                IcmpTransfer.class,
                ControlMessage.class,
                FileAccess.class,
                Inotify.class,
                Scheduling.class,
                LibbpfObjects.class,
                LibbpfSyscalls.class,
                LibbpfLog.class,
                BpfObject.class,
                BpfProgram.class,
                BpfMap.class,
                BpfRingBuffer.class)) {
            MethodHandles.privateLookupIn(type, MethodHandles.lookup()).ensureInitialized(type);
        }
    }

    @Test
    void functionsAndCallbacksAreDeclaredAsInTheHeaders() throws Exception {
        StringBuilder c = new StringBuilder();
        Libbpf.FIRST_CALLS.forEach(function -> c.append("extern %s;%n".formatted(function.text())));
        for (CLibrary library : libraries()) {
            for (CPrototype function : library.functions()) {
                // The first line fails if no header declares it, the second if it is declared otherwise.
                c.append("void *declared_%d = (void *) &%s;%n".formatted(c.length(), function.name()));
                c.append("extern %s;%n".formatted(function.text()));
            }
            for (CPrototype callback : library.callbacks()) {
                String ours = callback.text().replace(callback.name() + "(", "callback_" + callback.name() + "(");
                c.append("extern %s;%n".formatted(ours));
                c.append("%1$s check_%1$s = callback_%1$s;%n".formatted(callback.name()));
            }
        }
        compile(c.toString());
    }

    @Test
    void scalarTypesHaveTheSizeOfTheirLayout() throws Exception {
        StringBuilder c = new StringBuilder();
        for (String type : List.of(
                "bool",
                "int",
                "unsigned int",
                "__u32",
                "uint32_t",
                "long",
                "unsigned long",
                "size_t",
                "ssize_t",
                "off_t",
                "__u64",
                "uint64_t",
                "ZSTD_dParameter",
                "lzma_ret",
                "lzma_action",
                "enum bpf_map_type",
                "enum libbpf_print_level",
                "void *",
                "libbpf_print_fn_t",
                "ring_buffer_sample_fn")) {
            c.append("_Static_assert(sizeof(%s) == %d, \"%1$s\");%n"
                    .formatted(type, CPrototype.layout(type).byteSize()));
        }
        compile(c.toString());
    }

    @Test
    void structsHaveSizeAndOffsetsOfTheHeaders() throws Exception {
        StringBuilder c = new StringBuilder();
        int members = 0;
        for (CLibrary library : libraries()) {
            for (CLibrary.Struct struct : library.structs()) {
                c.append("_Static_assert(sizeof(%s) %s %d, \"%1$s\");%n"
                        .formatted(
                                struct.type(),
                                struct.whole() ? "==" : ">=",
                                struct.layout().byteSize()));
                long offset = 0;
                for (MemoryLayout member : struct.layout().memberLayouts()) {
                    if (!(member instanceof PaddingLayout)) {
                        String name = member.name().orElseThrow();
                        c.append("_Static_assert(offsetof(%s, %s) == %d, \"offset of %2$s\");%n"
                                .formatted(struct.type(), name, offset));
                        c.append("_Static_assert(sizeof(((%s *) 0)->%s) == %d, \"size of %2$s\");%n"
                                .formatted(struct.type(), name, member.byteSize()));
                        members++;
                    }
                    offset += member.byteSize();
                }
            }
        }
        assertThat(members).isEqualTo(85);
        compile(c.toString());
    }

    @Test
    void constantsHaveTheValuesOfTheHeaders() throws Exception {
        StringBuilder c = new StringBuilder();
        for (CLibrary library : libraries()) {
            for (CLibrary.Constant constant : library.constants()) {
                c.append(
                        "_Static_assert((long) (%s) == %dL, \"%1$s\");%n".formatted(constant.name(), constant.value()));
            }
        }
        Errno.NAMES.forEach((value, name) -> {
            if (value != Errno.ENOTSUPP) {
                c.append("_Static_assert(%s == %d, \"%1$s\");%n".formatted(name, value));
            }
        });
        compile(c.toString());
    }

    @Test
    void everyFunctionOfAllLibrariesIsInTheTable() throws Exception {
        Set<String> names = new TreeSet<>();
        libraries().forEach(library -> library.functions().forEach(function -> names.add(function.name())));

        assertThat(names)
                .hasSize(77)
                .contains("open", "syscall", "bpf_object__load", "bpf_map_lookup_batch", "ring_buffer__poll");
    }

    @Test
    void auditRejectsAWrongDeclaration() {
        assertThatThrownBy(() -> compile("extern int bpf_map_delete_elem(long fd, const void *key);"))
                .hasMessageContaining("conflicting types for 'bpf_map_delete_elem'");
        assertThatThrownBy(() -> compile("void *declared = (void *) &bpf_no_such_function;"))
                .hasMessageContaining("bpf_no_such_function");
        assertThatThrownBy(() -> compile("extern int wrong(long a); libbpf_print_fn_t check = wrong;"))
                .hasMessageContaining("incompatible");
        assertThatThrownBy(() -> compile("_Static_assert(sizeof(struct rlimit) == 8, \"rlimit\");"))
                .hasMessageContaining("rlimit");
        assertThatCode(() -> compile("extern int bpf_map_delete_elem(int fd, const void *key);"))
                .doesNotThrowAnyException();
    }

    private static List<CLibrary> libraries() throws LibraryUnavailableException {
        return List.of(
                Libc.LIBRARY,
                LibbpfObjects.LIBRARY,
                LibbpfSyscalls.LIBRARY,
                new Zstd.Calls().library,
                new Lz4.Calls().library,
                new Xz.Calls().library);
    }

    /** Without {@code const}, which libbpf's releases add and drop and which no calling convention sees. */
    private static void compile(String declarations) throws Exception {
        Path file = Files.createTempFile(directory, "audit", ".c");
        Files.writeString(file, HEADERS + declarations);
        TestObjects.run(
                "clang",
                "-fsyntax-only",
                "-Dconst=",
                "-Wno-everything",
                "-Werror=incompatible-function-pointer-types",
                file.toString());
    }
}
