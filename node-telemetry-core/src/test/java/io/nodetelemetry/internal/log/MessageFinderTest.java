package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lines as programs and logging libraries write them, each with its level in front. */
final class MessageFinderTest {
    private static final String JSON = """
            WARNING {"level":"warn","ts":1732374000.1,"caller":"a/b.go:7","msg":"no room","disk":"sda"}
            CRITICAL {"level":"dpanic","ts":1732374000.1,"msg":"no room"}
            ERROR {"error":"x: y","level":"error","msg":"no room","time":"2026-11-23T13:00:00Z"}
            DEBUG {"level":"trace","time":1732374000,"message":"no room"}
            ERROR {"level":50,"time":1732374000123,"pid":7,"hostname":"a","msg":"no room"}
            CRITICAL {"name":"app","hostname":"a","pid":7,"level":60,"msg":"no room","time":"2026-11-23T13:00:00Z","v":0}
            DEBUG {"level":10,"msg":"no room"}
            WARNING {"@t":"2026-11-23T13:00:00.1Z","@mt":"no room","@l":"Warning","Disk":"sda"}
            CRITICAL {"@t":"2026-11-23T13:00:00.1Z","@m":"no room","@i":"1f","@l":"Fatal"}
            ERROR {"Timestamp":"2026-11-23T13:00:00","Level":"Error","MessageTemplate":"no room","Properties":{"Level":"x"}}
            ERROR {"EventId":0,"LogLevel":"Error","Category":"App","Message":"no room","State":{"Message":"no"}}
            ERROR {"@timestamp":"2026-11-23T13:00:00Z","@version":"1","message":"no room","level":"ERROR","level_value":40000}
            ERROR {"@timestamp":"2026-11-23T13:00:00Z","log.level":"ERROR","message":"no room","ecs.version":"1.2.0"}
            ERROR {"@timestamp":"2026-11-23T13:00:00Z","log":{"file":{"path":"/a"},"level":"error"},"message":"no room"}
            CRITICAL {"severity":"EMERGENCY","message":"no room","logging.googleapis.com/trace":"t"}
            INFO {"severity":"NOTICE","textPayload":"no room"}
            ERROR {"severity":"ERROR","jsonPayload":{"message":"no room"}}
            ERROR {"timestamp":"1732374000","severityText":"ERROR","severityNumber":17,"body":"no room"}
            WARNING {"severity_number":14,"body":"no room"}
            WARNING {"timestamp":"2026-11-23T13:00:00Z","level":"WARN","fields":{"message":"no room","n":1},"target":"app"}
            WARNING {"@level":"warn","@message":"no room","@module":"agent"}
            ERROR {"version":"1.1","host":"a","short_message":"no room","level":3}
            ERROR {"message":"no room","context":{},"level":400,"level_name":"ERROR","channel":"app"}
            CRITICAL {"message":"no room","level":550}
            WARNING {"t":{"$date":"2026-11-23T13:00:00.1+00:00"},"s":"W","c":"STORAGE","id":1,"ctx":"main","msg":"no room"}
            DEBUG {"t":{"$date":"x"},"s":"D2","c":"STORAGE","msg":"no room"}
            UNKNOWN {"s":"Western","msg":"no room"}
            WARNING {"asctime":"2026-11-23 13:00:00,1","levelname":"WARNING","name":"app","message":"no room"}
            ERROR {"ts":1732374000.1,"caller":"a/b.go:7","msg":"no room","err":"disk full"}
            UNKNOWN {"ts":1732374000.1,"caller":"a/b.go:7","msg":"no room","v":2,"err":null,"error":""}
            WARNING {"time":"2026-11-23T13:00:00Z","level":"WARN+2","msg":"no room"}
            WARNING {"level":"30x","severity":"warn","level":"error","msg":"no room"}
            ERROR {"event":"no room","logger":"app","level":"error","timestamp":"x"}
            ERROR {"log":"ERROR no room","stream":"stdout"}
            ERROR {"level":"error","error":"no room"}
            WARNING {"level":"\\u001b[33mWARN\\u001b[0m","lvl":"warning","msg":"\\u001b[1mno\\u001b[0m room"}
            CRITICAL {"level":2,"msg":"no room\\n\\tat a.b(C.java:7)\\n"}
            UNKNOWN {"level":8,"msg":"no room"}
            UNKNOWN {"level":-1,"msg":"no room"}
            UNKNOWN {"level":null,"msg":"no room"}
            UNKNOWN {"level":{"a":1},"severity":[1],"msg":"no room"}
            """;

    private static final String PAIRS = """
            WARNING time="2026-11-23T13:00:00.1Z" level=warning msg="no room" disk=sda
            WARNING time=2026-11-23T13:00:00.1Z level=WARN msg="no room" disk=sda
            DEBUG time=2026-11-23T13:00:00.1Z level=DEBUG-4 msg="no room"
            ERROR ts=2026-11-23T13:00:00.1Z caller=a.go:7 level=error component=tsdb msg="no room" err="x"
            ERROR t=2026-11-23T13:00:00+0000 lvl=eror msg="no room" logger=x
            INFO logger=x t=2026-11-23T13:00:00.1Z level=info msg="no room"
            ERROR E1123 13:00:00.000001       1 a.go:5] "no room" err="disk full" pod="a/b"
            WARNING W1123 13:00:00.000001       1 a.go:5] "no room"
            INFO I1123 13:00:00.000001       1 a.go:5] "no room" level="error"
            UNKNOWN "no room" pod="a/b" err=<nil>
            """;

    private static final String TEXT = """
            ERROR E1123 13:00:00.000001       1 reflector.go:138] failed to list
            CRITICAL F20261123 13:00:00.000001  71 main.cc:5] no room
            WARNING W261123 13:00:00.000001 71 server/node.go:5 ⋮ [n1] no room
            UNKNOWN E20261123 is an order
            CRITICAL <34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8
            INFO <165>1 2026-10-11T22:14:15.003Z host app 71 ID47 [a@1 b="error"] An error of old
            ERROR <3>no room
            WARNING <12>Oct 11 22:14:15 host app[7]: no room
            UNKNOWN <999>Oct 11 22:14:15 host app[7]: no room
            ERROR Oct 11 22:14:15 host sshd[71]: error: no room
            UNKNOWN Oct 11 22:14:15 host sshd[71]: Accepted publickey for root
            WARNING 2026/11/23 13:00:00 [warn] 7#7: *1 a client request body is buffered
            CRITICAL 2026/11/23 13:00:00 [emerg] 7#7: bind() to 0.0.0.0:80 failed
            CRITICAL 2026/11/23 13:00:00 [alert] 7#7: no room
            UNKNOWN 10.0.0.1 - - [23/Nov/2026:13:00:00 +0000] "GET /a?level=error HTTP/1.1" 500 12 "-" "curl/8"
            UNKNOWN 10.0.0.1 - - [23/Nov/2026:13:00:00 +0000] "\\x16\\x03" 400 150 "-" "-"
            UNKNOWN [2026-11-23T13:00:00.1Z] "POST /error.warn HTTP/2" 503 UF 0 91
            ERROR [Mon Nov 23 13:00:00.123456 2026] [core:error] [pid 71:tid 1] (13)Permission denied: AH00035: no
            INFO [Mon Nov 23 13:00:00.123456 2026] [mpm_event:notice] [pid 71:tid 1] AH00489: configured
            INFO 2026-11-23 13:00:00.123 UTC [71] LOG:  checkpoint starting: error counters
            ERROR 2026-11-23 13:00:00.123 UTC [71] ERROR:  relation "a" does not exist at character 15
            INFO 2026-11-23 13:00:00.123 UTC [71] STATEMENT:  select error from a
            INFO 2026-11-23 13:00:00.123 UTC [71] app@db DETAIL:  Key (a)=(error) exists.
            CRITICAL 2026-11-23 13:00:00.123 UTC [71] PANIC:  could not locate a valid checkpoint record
            CRITICAL 2026-11-23 13:00:00.123 UTC [71] a@b FATAL:  password authentication failed for user "a"
            WARNING 2026-11-23 13:00:00.123 UTC [71] WARNING:  there is no transaction in progress
            WARNING 71:M 23 Nov 2026 13:00:00.123 # WARNING overcommit_memory is set to 0
            INFO 71:C 23 Nov 2026 13:00:00.123 * Ready to accept connections tcp
            WARNING 2026-11-23T13:00:00.123456Z 0 [Warning] [MY-010068] [Server] CA certificate is self signed.
            ERROR 2026-11-23T13:00:00.123456Z 7 [ERROR] [MY-012592] [InnoDB] Operating system error number 2
            INFO 2026-11-23T13:00:00.123456Z 0 [System] [MY-010116] [Server] mysqld (mysqld 8.4) starting
            INFO 2026-11-23 13:00:00 0 [Note] InnoDB: Buffer pool(s) load completed
            WARNING 2026-11-23 13:00:00 7 [Warning] Aborted connection 7 to db
            WARNING 2026-11-23T13:00:00.123+0000 W NETWORK  [conn1] no room
            INFO 2026-11-23T13:00:00.123+0000 I  STORAGE  [main] error counters are reset
            WARNING 2026-11-23 13:00:00.123456 W | etcdserver: no room
            WARNING 11-23 13:00:00.123  71  72 W Tag: no room
            ERROR 2026-11-23T13:00:00Z E! [outputs.a] no room
            UNKNOWN chapter 13:1 plan E is the last
            WARNING 13:00:00.123 [main] WARN  org.example.App - no room
            ERROR 2026-11-23T13:00:00.123Z ERROR 1 --- [nio-8080-exec-1] o.e.App : no room
            WARNING [2026-11-23T13:00:00,123][WARN ][o.e.c.Coordinator] [node-1] no room
            WARNING [2026-11-23 13:00:00,123] WARN [Broker id=1] no room (kafka.server.KafkaServer)
            CRITICAL 23-Nov-2026 13:00:00.123 FATAL [main] org.example.App no room
            ERROR 23-Nov-2026 13:00:00.123 SEVERE [main] org.example.App no room
            WARNING WARNING: no room
            ERROR SEVERE: no room
            WARNING 2026-11-23 13:00:00,123 - app - WARNING - no room
            WARNING WARNING:root:no room
            WARNING [2026-11-23 13:00:00,123: WARNING/MainProcess] no room
            ERROR [2026-11-23 13:00:00 +0000] [71] [ERROR] Worker failed to boot
            INFO INFO:     Application startup complete.
            WARNING 2026/11/23 13:00:00 WARN no room disk=sda
            WARNING time text WARN[0007] no room
            ERROR ERRO[0007] no room                          disk=sda
            CRITICAL FATA[0007] no room
            WARNING 2026-11-23T13:00:00Z WRN no room disk=sda
            WARNING [2026-11-23T13:00:00Z WARN  app::disk] no room
            WARNING 2026-11-23T13:00:00.123456Z  WARN app::disk: no room
            WARNING warn: Microsoft.AspNetCore.Server[5]
            ERROR fail: Microsoft.AspNetCore.Server[13]
            DEBUG dbug: Microsoft.AspNetCore.Server[13]
            WARNING [13:00:00 WRN] no room
            DEBUG [13:00:00 VRB] no room
            ERROR 13:00:00.123 [error] GenServer :a terminating
            ERROR =ERROR REPORT==== 23-Nov-2026::13:00:00.123 ===
            WARNING 2026-11-23 13:00:00.123 [warning] <0.71.0> no room
            WARNING W, [2026-11-23T13:00:00.123456 #71]  WARN -- : no room
            CRITICAL F, [2026-11-23T13:00:00.123456 #71] FATAL -- app: no room
            WARNING [2026-11-23 13:00:00.123][1][warning][main] [source/server/server.cc:1] no room
            WARNING [WARNING]  (71) : Server web/a is DOWN
            CRITICAL [ALERT]    (71) : config : no room
            INFO [NOTICE]   (71) : New worker (72) forked
            UNKNOWN 10.0.1.2:33317 [23/Nov/2026:13:00:00.655] http-in static/srv1 10/0/30/69/109 200 2750
            ERROR [71] 2026/11/23 13:00:00.123456 [ERR] no room
            WARNING 2026.11.23 13:00:00.123456 [ 71 ] {a-b} <Warning> Context: no room
            ERROR 2026-11-23T13:00:00.123Z\terror\tenvoy config\tno room
            ERROR 2026-11-23T13:00:00Z\tERROR\tcontroller\tReconciler error\t{"a": 1}
            ERROR npm ERR! code ENOENT
            ERROR npm error code ENOENT
            CRITICAL PHP Fatal error:  Uncaught Exception: no room in /a.php:7
            WARNING PHP Warning:  Undefined variable $a in /a.php on line 7
            WARNING 2026-11-23T13:00:00.123Z pid=71 tid=abc WARN: no room
            UNKNOWN 17 files, no errors, 0 warnings found
            UNKNOWN done sent=7 errors=0 warnings=0
            UNKNOWN done error=<nil>
            ERROR done error="no room"
            ERROR no warnings but 7 errors
            UNKNOWN opened /var/log/error for writing
            UNKNOWN serves /error/404 at once
            """;

    private static final String THROWN = """
            ERROR Traceback (most recent call last): KeyError
            ERROR Exception in thread "main" java.lang.IllegalStateException: no room
            ERROR java.io.IOException: no room
            ERROR java.lang.OutOfMemoryError
            ERROR TypeError: x is not a function
            ERROR Caused by: java.io.IOException: no room
            ERROR Unhandled exception. System.IO.IOException: no room
            ERROR /app/server.js:3 TypeError
            ERROR node:internal/process/promises:394 RangeError
            ERROR app.rb:3:in `run': no room (RuntimeError)
            ERROR app.rb:3:in 'Integer#/': divided by 0 (ZeroDivisionError)
            ERROR thread 'main' panicked at src/main.rs:2:5: index out of bounds
            ERROR thread 'main' (71) panicked at src/main.rs:2:5: index out of bounds
            CRITICAL panic: runtime error: index out of range [5] with length 3
            CRITICAL fatal error: all goroutines are asleep - deadlock!
            ERROR terminate called after throwing an instance of 'std::runtime_error'
            ERROR 13:00:00 cannot renew org.example.LeaseException
            ERROR cannot renew: TypeError: no room
            ERROR cannot renew: java.io.IOException: no room
            ERROR node:internal/process/promises:389 UnhandledPromiseRejection
            ERROR #<Thread:0x01 a.rb:7 run> terminated with exception (report_on_exception is true):
            ERROR   + Exception Group Traceback (most recent call last): ExceptionGroup
            UNKNOWN a.c:7 done
            WARNING /app/a.py:7: DeprecationWarning: old
            WARNING DeprecationWarning: old
            UNKNOWN thread 'main' is done
            UNKNOWN handles TimeoutError
            UNKNOWN 13:00:00 listens to org.example.Lease
            UNKNOWN 10.0.0.1:80 is free
            UNKNOWN Exceptional: all is well
            """;

    private final MessageFinder finder = new MessageFinder(true);

    private static Stream<String> structured() {
        return Stream.concat(JSON.lines(), PAIRS.lines());
    }

    private static Stream<String> text() {
        return Stream.concat(TEXT.lines(), THROWN.lines());
    }

    private Message find(String line) {
        byte[] bytes = ("error no " + line).getBytes(StandardCharsets.UTF_8);
        return finder.find(bytes, 9, bytes.length);
    }

    private static String string(Message message) {
        return new String(message.text(), message.from(), message.to() - message.from(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("structured")
    void messageAndLevelOfStructuredLines(String levelAndLine) {
        String[] parts = levelAndLine.split(" ", 2);
        Message message = find(parts[1]);
        assertThat(message.level()).hasToString(parts[0]);
        assertThat(string(message)).endsWith("no room").matches("(ERROR )?no room");
    }

    @ParameterizedTest
    @MethodSource("text")
    void levelOfText(String levelAndLine) {
        String[] parts = levelAndLine.split(" ", 2);
        Message message = find(parts[1]);
        assertThat(message.level()).hasToString(parts[0]);
        assertThat(string(message)).isEqualTo(parts[1]);
    }

    @Test
    void coloursHideNoLevelAndAreNoText() {
        Message message = find("\u001b[2m2026-11-23T13:00:00Z\u001b[0m \u001b[33m WARN\u001b[0m \u001b[2mapp\u001b[0m:"
                + " \u001b]8;;http://a\u0007no\u001b]8;;\u001b\\ room\u001b(B\u001b[m");
        assertThat(string(message)).isEqualTo("2026-11-23T13:00:00Z  WARN app: no room");
        assertThat(message.level()).hasToString("WARNING");
        assertThat(string(find("\u001b[1;31mERROR\u001b[0"))).isEqualTo("ERROR");
        assertThat(string(find("half \u001b"))).isEqualTo("half ");
        assertThat(string(find("a\u001b]no end"))).isEqualTo("ano end");
    }

    @Test
    void anObjectWithoutAMessageHasNoLevelFromItsNames() {
        Message message = find("{\"status\":200,\"error\":null,\"warn\":\"fatal\"}");
        assertThat(message.level()).hasToString("UNKNOWN");
        assertThat(string(message)).startsWith("{\"status\"");
        assertThat(string(find("{\"fields\":{\"message\":\"inner\",\"level\":\"info\"},\"message\":\"outer\"}")))
                .isEqualTo("outer");
    }

    @Test
    void aMessageIsItsFirstLine() {
        assertThat(string(find("{\"msg\":\"\\n  no room\\r\\n\\tat x\"}"))).isEqualTo("no room\r");
        assertThat(string(find("msg=\"no room\\nand more\""))).isEqualTo("no room");
    }
}
