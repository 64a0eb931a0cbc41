package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What runtimes really print, line by line: how many messages it is, with which levels, and what their heads are. */
final class CapturedTracesTest {
    private final List<String> messages = new ArrayList<>();
    private final List<String> heads = new ArrayList<>();
    private final LogLineReader reader = new LogLineReader();
    private final MessageAssembler assembler = new MessageAssembler((text, textLength, head, headLength) -> {
        messages.add(new String(text, 0, textLength, StandardCharsets.UTF_8));
        reader.read(head, 0, headLength);
        heads.add(reader.level() + " " + new String(head, 0, headLength, StandardCharsets.UTF_8));
    });

    private static String captured(String name) {
        try (InputStream file = CapturedTracesTest.class.getResourceAsStream("/traces/" + name + ".txt")) {
            return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void read(String lines) {
        lines.lines().forEach(line -> {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            assembler.line(bytes, 0, bytes.length);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "java/uncaught | ERROR Exception in thread \"main\" java.lang.IllegalStateException: no lease",
                "java/thread | ERROR Exception in thread \"worker-1\" java.lang.IllegalStateException: no lease",
                "java/circular | ERROR java.lang.Exception: x",
                "python/uncaught | ERROR Traceback (most recent call last): OSError",
                "python/during | ERROR Traceback (most recent call last): OSError",
                "python/thread | ERROR Exception in thread worker-1: OSError",
                "python/group | ERROR   + Exception Group Traceback (most recent call last): ExceptionGroup",
                "python/syntax | ERROR Traceback (most recent call last): SyntaxError",
                "go/index | CRITICAL panic: runtime error: index out of range [5] with length 3",
                "go/again | CRITICAL panic: runtime error: index out of range [5] with length 3",
                "go/goexit | CRITICAL panic: runtime error: index out of range [5] with length 3",
                "go/nil | CRITICAL panic: runtime error: invalid memory address or nil pointer dereference",
                "go/error | CRITICAL panic: no lease: disk full",
                "go/multi | CRITICAL panic: no lease",
                "go/deadlock | CRITICAL fatal error: all goroutines are asleep - deadlock!",
                "go/map | CRITICAL fatal error: concurrent map writes",
                "node/uncaught | ERROR /app/t.js:2 Error",
                "node/cause | ERROR /app/t.js:3 TypeError",
                "node/aggregate | ERROR node:internal/process/promises:391 AggregateError",
                "node/rejected | ERROR node:internal/process/promises:389 UnhandledPromiseRejection",
                "node/code | ERROR node:fs:573 Error",
                "node/module | ERROR node:internal/modules/cjs/loader:1210 Error",
                "node/throwobj | UNKNOWN /app/t.js:12",
                "ruby/uncaught | ERROR t.rb:1:in `disk': disk full (IOError)",
                "ruby/cause | ERROR t.rb:2:in `rescue in lease': no lease (ArgumentError)",
                "ruby/thread | ERROR #<Thread:0x00007f96385a2a50 t.rb:7 run> terminated with exception"
                        + " (report_on_exception is true):",
                "rust/index | ERROR thread 'main' (32422) panicked at t.rs:4:90:"
                        + " index out of bounds: the len is 3 but the index is 99",
                "rust/index-backtrace | ERROR thread 'main' (32423) panicked at t.rs:4:90:"
                        + " index out of bounds: the len is 3 but the index is 99",
                "rust/result | ERROR thread 'main' (32424) panicked at t.rs:5:91:"
                        + " no lease: ParseIntError { kind: InvalidDigit }",
                "rust/result-backtrace | ERROR thread 'main' (32425) panicked at t.rs:5:91:"
                        + " no lease: ParseIntError { kind: InvalidDigit }",
            })
    void aTraceIsOneMessage(String name, String head) {
        // Some begin and end with blank lines.
        String trace = captured(name).replaceFirst("^\n", "").stripTrailing();
        read(captured(name));
        assembler.end();
        assertThat(heads).containsExactly(head);
        assertThat(messages).containsExactly(trace);
        heads.clear();
        read("before\n" + captured(name) + "after one\nafter two\n");
        assembler.end();
        assertThat(heads).containsExactly("UNKNOWN before", head, "UNKNOWN after one", "UNKNOWN after two");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "java/print | ERROR java.lang.IllegalStateException: no lease; ERROR java.lang.IllegalStateException: no lease",
                "java/jul | INFO INFO: opened the store; ERROR SEVERE: cannot store the order java.lang.IllegalStateException;"
                        + " WARNING WARNING: the store is nearly full; ERROR SEVERE: gave up",
                // What an exception's text says in its last lines cannot be told from what comes after it.
                "python/cause | ERROR Traceback (most recent call last): OSError; UNKNOWN for order 17",
                "python/logging | WARNING 2026-11-23 13:53:04,899 app WARNING the store is nearly full;"
                        + " ERROR 2026-11-23 13:53:04,899 app ERROR cannot store the order OSError;"
                        + " ERROR 2026-11-23 13:53:04,900 app ERROR gave up",
                "python/basic | ERROR ERROR:app:cannot store the order OSError; ERROR ERROR:app:gave up",
                "python/warn | WARNING /app/t.py:39: DeprecationWarning: use open_store; UNKNOWN next line",
                "node/printed | ERROR TypeError: no lease; UNKNOWN next line",
                "node/printed2 | ERROR cannot store the order: TypeError: no lease; UNKNOWN next line",
                "ruby/logger | WARNING W, [2026-11-23T14:07:17.811268 #13621]  WARN -- : the store is nearly full;"
                        + " ERROR E, [2026-11-23T14:07:17.811342 #13621] ERROR -- : disk full (IOError);"
                        + " ERROR E, [2026-11-23T14:07:17.811359 #13621] ERROR -- : gave up",
                "rust/thread | ERROR thread 'worker-1' (32427) panicked at t.rs:6:84: no lease; UNKNOWN next line",
                "rust/thread-backtrace | ERROR thread 'worker-1' (32429) panicked at t.rs:6:84: no lease; UNKNOWN next line",
            })
    void aRecordEndsWhereTheNextOneBegins(String name, String expected) {
        read(captured(name));
        assembler.end();
        assertThat(String.join("; ", heads)).isEqualTo(expected);
        assertThat(String.join("\n", messages).lines().filter(line -> !line.isBlank()))
                .containsExactlyElementsOf(
                        captured(name).lines().filter(line -> !line.isBlank()).toList());
    }

    /** Whatever comes between and wherever silence is: nothing is lost, nothing comes twice, nothing changes places. */
    @Test
    void everyLineIsInOneMessage() {
        List<String> lines = Stream.of(
                        "java/print", "java/jul", "python/thread", "go/again", "node/cause", "node/module")
                .flatMap(name -> captured(name).lines())
                .filter(line -> !line.isBlank())
                .toList();
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            messages.clear();
            StringBuilder given = new StringBuilder();
            for (int k = 0; k < 40; k++) {
                int at = random.nextInt(lines.size());
                for (int n = random.nextInt(4); n >= 0 && at < lines.size(); n--) {
                    given.append(lines.get(at)).append('\n');
                    read(lines.get(at++));
                }
                read(random.nextInt(4) == 0 ? " " : "");
                if (random.nextInt(8) == 0) {
                    assembler.end();
                    assertThat(assembler.isOpen()).isFalse();
                }
            }
            assembler.end();
            assertThat(String.join("\n", messages).lines().filter(line -> !line.isBlank()))
                    .containsExactlyElementsOf(given.toString().lines().toList());
        }
    }
}
