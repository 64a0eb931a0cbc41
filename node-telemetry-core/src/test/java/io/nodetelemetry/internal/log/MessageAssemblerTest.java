package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MessageAssemblerTest {
    private static final String JAVA = """
            java.lang.IllegalStateException: no lease
            \tat org.example.Worker.run(Worker.java:42)
            \tat java.base/java.lang.Thread.run(Thread.java:1583)
            Caused by: java.io.IOException: disk full
            \tat org.example.Disk.write(Disk.java:7)
            \t... 1 more
            """;
    private static final String PYTHON = """
            Traceback (most recent call last):
              File "/app/a.py", line 3, in <module>
                run()
            requests.exceptions.ConnectionError: no route

            During handling of the above exception, another exception occurred:

            Traceback (most recent call last):
              File "/app/a.py", line 5, in <module>
                raise Problem("x")
            Problem: x
            """;
    private static final String GO = """
            panic: runtime error: index out of range [5] with length 3

            goroutine 1 [running]:
            main.(*Server).run(0xc000012345, {0x1, 0x2})
            \t/src/main.go:12 +0x1d
            created by main.main in goroutine 1
            \t/src/main.go:3 +0x2
            exit status 2
            """;
    private static final String NODE = """
            /app/server.js:3
                throw new TypeError('x is not a function');
                ^

            TypeError: x is not a function
                at Object.<anonymous> (/app/server.js:3:9)
                at node:internal/main/run_main_module:28:49
            """;
    private static final String DOTNET = """
            Unhandled exception. System.InvalidOperationException: no lease
             ---> System.IO.IOException: disk full
               at App.Disk.Write() in /src/Disk.cs:line 7
               --- End of inner exception stack trace ---
               at App.Program.Main() in /src/Program.cs:line 3
            """;
    private static final String RUBY = """
            app.rb:3:in `run': no lease (RuntimeError)
            \tfrom app.rb:7:in `<main>'
            """;
    private static final String RUST = """
            thread 'main' panicked at src/main.rs:2:5:
            index out of bounds: the len is 3 but the index is 99
            stack backtrace:
               0: rust_begin_unwind
                         at /rustc/lib.rs:1:2
            note: Some details are omitted, run with `RUST_BACKTRACE=full` for a verbose backtrace.
            """;

    private final List<String> messages = new ArrayList<>();
    private final List<String> heads = new ArrayList<>();
    private final MessageAssembler assembler = new MessageAssembler((text, textLength, head, headLength) -> {
        messages.add(new String(text, 0, textLength, StandardCharsets.UTF_8));
        heads.add(new String(head, 0, headLength, StandardCharsets.UTF_8));
    });

    private void read(String lines) {
        lines.lines().forEach(line -> {
            byte[] bytes = ("<<" + line + ">>").getBytes(StandardCharsets.UTF_8);
            assembler.line(bytes, 2, bytes.length - 2);
        });
    }

    private void assertOne(String trace) {
        messages.clear();
        heads.clear();
        read(trace);
        assembler.end();
        assertThat(messages).containsExactly(trace.strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {JAVA, PYTHON, GO, NODE, DOTNET, RUBY, RUST})
    void aTraceIsOneMessage(String trace) {
        assertOne(trace);
        read("before\n" + trace + "after one\nafter two\n");
        assembler.end();
        assertThat(messages).containsExactly(trace.strip(), "before", trace.strip(), "after one", "after two");
    }

    @Test
    void twoTracesAreTwo() {
        read(JAVA + JAVA + PYTHON + PYTHON + GO + RUST + RUBY + DOTNET + NODE);
        assembler.end();
        assertThat(messages).hasSize(9).startsWith(JAVA.strip(), JAVA.strip(), PYTHON.strip(), PYTHON.strip());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-02 10:11:12,345 ERROR cannot renew the lease\n",
                "ERROR cannot renew the lease\n",
                "[error] cannot renew the lease\n"
            })
    void aTraceGoesWithTheRecordBeforeIt(String record) {
        assertOne(record + JAVA);
        assertThat(heads).containsExactly(record.strip() + " java.lang.IllegalStateException");
        assertOne(record + PYTHON);
        assertThat(heads).containsExactly(record.strip() + " requests.exceptions.ConnectionError");
    }

    @Test
    void theHeadOfABareTraceHasItsType() {
        assertOne(PYTHON);
        assertThat(heads).containsExactly("Traceback (most recent call last): requests.exceptions.ConnectionError");
        assertOne(NODE);
        assertThat(heads).containsExactly("/app/server.js:3 TypeError");
        assertOne(RUST);
        assertThat(heads)
                .containsExactly("thread 'main' panicked at src/main.rs:2:5:"
                        + " index out of bounds: the len is 3 but the index is 99");
    }

    @Test
    void aRecordOfTwoLinesCountsByWhatItSays() {
        assertOne("warn: App.Disk[7]\n      no room on sda\n      at once\n");
        assertThat(heads).containsExactly("warn: App.Disk[7] no room on sda");
        assertOne("11 ao\u00fbt 2026 13:53:02 org.example.App main\nSEVERE: no room\n");
        assertThat(heads).containsExactly("SEVERE: no room");
        messages.clear();
        read("saved by org.example.App main\nWARNING: no room\n");
        assembler.end();
        assertThat(messages).hasSize(2);
    }

    @Test
    void moreTracesAreOneMessage() {
        assertOne("""
                PHP Fatal error:  Uncaught Exception: no room in /app/a.php:7
                Stack trace:
                #0 /app/b.php(3): store()
                #1 {main}
                  thrown in /app/a.php on line 7
                """);
        assertOne("""
                thread 'main' panicked at 'no room', src/main.rs:2:5
                note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
                """);
        assertOne("terminate called after throwing an instance of 'std::runtime_error'\n  what():  no room\n");
        assertOne("{\n  \"level\": \"error\",\n  \"msg\": \"no room\"\n}\n");
        assertThat(heads.getFirst()).contains("no room");
    }

    @Test
    void theTextOfAnExceptionMayHaveLinesIfFramesFollow() {
        String lines = "a.XException: no room\nfor order 17\n  and 18\n";
        assertOne(lines + "\tat a.B.c(D.java:7)\n");
        messages.clear();
        read(lines + "GET /orders\n\tat last\n");
        assembler.end();
        assertThat(messages).containsExactly(lines.strip() + "\nGET /orders\n\tat last");
        messages.clear();
        read(lines + "13:00:00 GET /orders\n");
        assembler.end();
        assertThat(messages).containsExactly("a.XException: no room", "for order 17\n  and 18", "13:00:00 GET /orders");
        messages.clear();
        read("a.XException: no room\n" + "one\ntwo\n".repeat(50));
        assembler.end();
        assertThat(messages).hasSize(101);
    }

    @Test
    void coloursAreNoText() {
        read("\u001b[31mERROR\u001b[0m no room\n\u001b[2m\tat a.B.c(D.java:7)\u001b[0m\n");
        assembler.end();
        assertThat(messages).containsExactly("ERROR no room\n\tat a.B.c(D.java:7)");
    }

    @Test
    void linesWithoutATimeGoWithTheOneThatHasOne() {
        read("""
                10:11:12 configuration:
                a = 1
                b = 2
                10:11:13 done
                WARN a level begins a message
                {"json": "too"}
                """);
        assembler.end();
        assertThat(messages)
                .containsExactly(
                        "10:11:12 configuration:\na = 1\nb = 2",
                        "10:11:13 done",
                        "WARN a level begins a message",
                        "{\"json\": \"too\"}");
    }

    @Test
    void linesOfNoShapeAreOneMessageEach() {
        read("one\ntwo\n three\nERROR four\nfive\nKeyboard: six\n");
        assembler.end();
        assertThat(messages).containsExactly("one", "two", " three", "ERROR four", "five", "Keyboard: six");
    }

    @Test
    void blankLinesAreNoMessages() {
        read("\n\none\n\n  \ntwo\n\n");
        assembler.end();
        assertThat(messages).containsExactly("one", "two");
        assertThat(assembler.isOpen()).isFalse();
    }

    @Test
    void whatIsLongIsCutAndWhatHasNoEndIsDivided() {
        read("x".repeat(100_000));
        assembler.end();
        assertThat(messages).containsExactly("x".repeat(MessageAssembler.MAX_TEXT));

        messages.clear();
        read("begin\n" + "\tindented\n".repeat(2_500));
        assembler.end();
        assertThat(messages).hasSize(3);
    }

    @Test
    void anyLinesAreMessagesWithinTheBound() {
        Random random = new Random(3);
        String[] shapes =
                (JAVA + PYTHON + GO + NODE + DOTNET + RUBY + RUST).lines().toArray(String[]::new);
        for (int i = 0; i < 20_000; i++) {
            String shape = shapes[random.nextInt(shapes.length)];
            int cut = random.nextInt(shape.length() + 1);
            byte[] line = (random.nextBoolean() ? shape.substring(cut) : shape.substring(0, cut))
                    .getBytes(StandardCharsets.ISO_8859_1);
            assembler.line(line, 0, line.length);
            if (random.nextInt(10) == 0) {
                assembler.end();
            }
        }
        assembler.end();
        assertThat(messages)
                .isNotEmpty()
                .allMatch(text -> !text.isBlank() && text.length() <= MessageAssembler.MAX_TEXT);
        assertThat(heads).allMatch(head -> !head.contains("\n"));
    }
}
