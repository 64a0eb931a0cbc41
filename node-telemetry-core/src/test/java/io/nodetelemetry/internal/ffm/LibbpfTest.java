package io.nodetelemetry.internal.ffm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** What needs libbpf but no privilege: reading objects, settings before the load, refusals. */
class LibbpfTest {
    @Test
    void versionIsSupported() throws Exception {
        assertThat(Libbpf.isSupported(Libbpf.load().version())).isTrue();
        assertThat(Libbpf.load()).isSameAs(Libbpf.load());
    }

    @Test
    void versionsBefore11AreTooOld() {
        assertThat(Libbpf.isSupported("1.1")).isTrue();
        assertThat(Libbpf.isSupported("1.5.0")).isTrue();
        assertThat(Libbpf.isSupported("2")).isTrue();
        assertThat(Libbpf.isSupported("1.0")).isFalse();
        assertThat(Libbpf.isSupported("0.8")).isFalse();
        assertThat(Libbpf.isSupported("one")).isFalse();
        assertThat(Libbpf.isSupported("")).isFalse();
    }

    @Test
    void missingLibraryNamesItAndTheRemedy() {
        assertThatExceptionOfType(LibraryUnavailableException.class)
                .isThrownBy(() -> CLibrary.open("libnothere.so.9", "install libnothere9"))
                .withMessage("libnothere.so.9 not found: install libnothere9");
    }

    @Test
    void deniedNativeAccessNamesTheOption() throws Exception {
        String classPath = codeOf(Libbpf.class)
                + File.pathSeparator
                + codeOf(LibbpfTest.class)
                + File.pathSeparator
                + codeOf(Logger.class);
        Process process = new ProcessBuilder(
                        Path.of(ProcessHandle.current().info().command().orElseThrow())
                                .toString(),
                        "--illegal-native-access=deny",
                        "-cp",
                        classPath,
                        DeniedNativeAccess.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output)
                .contains("libbpf.so.1 not loaded, native access is denied: "
                        + "start java with --enable-native-access=ALL-UNNAMED");
    }

    private static Path codeOf(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void objectIsReadWithoutTouchingTheKernel() throws Exception {
        try (BpfObject object = Libbpf.load().open("layout", layoutObject())) {
            assertThat(object.programNames()).containsExactly("program");
            assertThat(object.mapNames()).containsExactly(".rodata", ".bss");
            assertThat(object.map(".rodata").valueSize()).isEqualTo(21);
            assertThat(object.map(".rodata").keySize()).isEqualTo(4);
            assertThat(object.map(".rodata").maxEntries()).isEqualTo(1);
        }
    }

    @Test
    void whatTheObjectLacksIsNamed() throws Exception {
        try (BpfObject object = Libbpf.load().open("layout", layoutObject())) {
            assertThatThrownBy(() -> object.program("other"))
                    .isInstanceOf(NoSuchElementException.class)
                    .hasMessage("BPF object layout has no program other, only [program]");
            assertThatThrownBy(() -> object.map("other")).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void initialValueMustFit() throws Exception {
        try (BpfObject object = Libbpf.load().open("layout", layoutObject())) {
            object.initialValue(".rodata", new byte[21]);
            object.initialValue(".rodata", 20, new byte[1]);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> object.initialValue(".rodata", new byte[22]))
                    .withMessage("initial value of map .rodata has 21 bytes, not room for 22 at 0");
            assertThatIllegalArgumentException().isThrownBy(() -> object.initialValue(".rodata", 21, new byte[1]));
            assertThatIllegalArgumentException().isThrownBy(() -> object.initialValue(".rodata", -1, new byte[1]));
        }
    }

    @Test
    void callsThatNeedTheKernelAreRefusedBeforeLoad() throws Exception {
        try (BpfObject object = Libbpf.load().open("layout", layoutObject())) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> object.program("program").attach())
                    .withMessageContaining("needs it LOADED, it is OPENED");
            assertThatIllegalStateException()
                    .isThrownBy(() -> object.map(".rodata").lookup(new byte[4], new byte[21]))
                    .withMessage("map .rodata is not loaded");
            assertThatIllegalArgumentException().isThrownBy(() -> object.maxEntries(".rodata", 0));
        }
    }

    @Test
    void everythingIsRefusedAfterClose() throws Exception {
        BpfObject object = Libbpf.load().open("layout", layoutObject());
        BpfMap map = object.map(".rodata");
        object.close();
        object.close();

        assertThatIllegalStateException().isThrownBy(object::load);
        assertThatIllegalStateException().isThrownBy(() -> object.autoload("program", false));
        assertThatIllegalStateException().isThrownBy(map::keySize);
        assertThatIllegalStateException().isThrownBy(() -> map.forEach((key, value) -> {}));
    }

    @Test
    void bytesThatAreNoObjectAreRefusedWithLibbpfsReason() {
        assertThatExceptionOfType(BpfLoadException.class)
                .isThrownBy(() -> Libbpf.load().open("noise", new byte[100]))
                .withMessageStartingWith("open BPF object noise: ")
                .satisfies(e -> assertThat(e.fullLog()).contains("libbpf: "));
        assertThatExceptionOfType(BpfLoadException.class)
                .isThrownBy(() -> Libbpf.load().open("empty", new byte[0]));
    }

    @Test
    void truncatedObjectsAreRefusedOrReadWithoutHarm() throws Exception {
        byte[] elf = layoutObject();
        Random random = new Random(20_260_103);
        for (int round = 0; round < 200; round++) {
            byte[] cut = Arrays.copyOf(elf, random.nextInt(elf.length));
            try (BpfObject object = Libbpf.load().open("cut", cut)) {
                assertThat(object.programNames()).isSubsetOf("program");
            } catch (BpfLoadException e) {
                assertThat(e.errno()).isPositive();
            }
        }
    }

    private static byte[] layoutObject() throws Exception {
        try (var in = LibbpfTest.class.getResourceAsStream("/bpf/layout/layout.bpf.o")) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        }
    }
}
