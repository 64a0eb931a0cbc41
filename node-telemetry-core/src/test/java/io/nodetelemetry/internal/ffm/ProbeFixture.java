package io.nodetelemetry.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.testing.RequiresKernel;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The objects compiled from {@code bpf/probe}, and a server to connect to; one for each class of kernel tests. */
@SuppressWarnings("try") // what happens after a close is tested inside its try
@RequiresKernel
abstract class ProbeFixture {
    @TempDir
    private static Path directory = Path.of("");

    static byte[] probe = {};
    static byte[] rejected = {};
    static ServerSocket server = unbound();

    private static ServerSocket unbound() {
        try {
            return new ServerSocket();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    static void compileAndListen() throws Exception {
        probe = TestObjects.compile("probe.bpf.c", directory);
        rejected = TestObjects.compile("rejected.bpf.c", directory);
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterAll
    static void closeServer() throws IOException {
        server.close();
    }

    interface Action {
        void run() throws Exception;
    }

    static Class<?> thrownBy(Action action) {
        try {
            action.run();
            return Void.class;
        } catch (Exception e) {
            return e.getClass();
        }
    }

    /** The kernel frees programs after a grace period. */
    static void awaitGone(int program) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (kernelHas(program)) {
            assertThat(System.nanoTime())
                    .as("program %d is still loaded", program)
                    .isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    /** Asks the kernel for a program by its id, wherever in the system it is held. */
    static boolean kernelHas(int program) throws Exception {
        MethodHandle byId = CLibrary.open("libbpf.so.1", "").bind("int bpf_prog_get_fd_by_id(__u32 id)");
        try {
            int fd = (int) byId.invokeExact(program);
            if (fd >= 0) {
                Libc.close(fd);
            } else {
                assertThat(Errno.name(-fd)).isEqualTo("ENOENT");
            }
            return fd >= 0;
        } catch (Throwable t) {
            throw CLibrary.broken(t);
        }
    }

    static BpfObject loaded(long weight) throws Exception {
        BpfObject object = Libbpf.load().open("probe", probe);
        try {
            ByteBuffer config = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
            config.putLong(weight).putInt(server.getLocalPort());
            object.initialValue(".rodata", config.array());
            object.load();
            return object;
        } catch (IOException | RuntimeException e) {
            object.close();
            throw e;
        }
    }

    static Fd cgroupRoot() throws IOException {
        for (String mount : List.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified")) {
            if (Libc.statMagic(Path.of(mount)) == Libc.CGROUP2_MAGIC) {
                return Libc.openDirectory(Path.of(mount));
            }
        }
        return Libc.mountDetached("cgroup2");
    }

    static void connect(int times) throws IOException {
        for (int i = 0; i < times; i++) {
            try (Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                    Socket accepted = server.accept()) {
                assertThat(accepted.getPort()).isEqualTo(client.getLocalPort());
            }
        }
    }

    static long count(BpfObject object) throws IOException {
        byte[] value = new byte[8];
        assertThat(object.map("connects").lookup(bytes(server.getLocalPort()), value))
                .isTrue();
        return native64(value);
    }

    static void fill(BpfMap map, int entries) throws IOException {
        for (int i = 0; i < entries; i++) {
            map.update(bytes(i), bytes(i * 3L), 1);
        }
    }

    static long native64(byte[] value) {
        return ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getLong();
    }

    static byte[] bytes(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
    }

    static byte[] bytes(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putLong(value)
                .array();
    }
}
