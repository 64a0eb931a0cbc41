package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogLineReaderTest {
    private final LogLineReader reader = new LogLineReader();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                // What is inserted shows by itself.
                "Started unit 17 | Started unit <*>",
                "listening on 10.1.2.3:8080 | listening on <*>",
                "peer fe80::1%eth0 left | peer <*> left",
                "read /etc/app/main.conf twice | read <*> twice",
                "mail for bob@corp failed | mail for <*> failed",
                "loaded settings.yaml now | loaded <*> now",
                "commit deadbeefcafe done | commit <*> done",
                "the facade is dead | the facade is dead",
                "peer 2001:db8:a::e left | peer <*> left",
                "link 00:1a:2b:ee:ff:c0 up | link <*> up",
                "listening on :: port 22 | listening on <*> port <*>",
                "task 12:began again | task <*> began again",
                "not found: / -> /srv | not found <*>",
                "mail of (x)/bob@ lost | mail of <*> lost",
                "using IPv4 over TCP | using IPv4 over TCP",
                "SSH2_MSG_KEXINIT sent, A_1 not | SSH2_MSG_KEXINIT sent <*> not",
                "moved from conn_new to conn_end | moved from <*> to <*>",
                "zone_load: done at last | zone_load done at last",
                "in state:module_wait ns::func_a X_Y | in state <*> ns: func_a X_Y",
                "asked for b by c | asked for <*> by <*>",
                "a plan b | a plan <*>",
                "reads/writes are slow | reads/writes are slow",
                "caught java.io.IOException again | caught java.io.IOException again",
                // Quotes and brackets.
                "cannot open 'big file' for writing | cannot open <*> for writing",
                "the peer's name isn't known | the peer's name isn't known",
                "said \"hello \\\" world\" once | said <*> once",
                "half a \"quote stays | half a quote stays",
                "stopped (by request) | stopped",
                "stopped (by request) at last (not by you) today | stopped by request at last not by you today",
                "stopped (after 3 tries) at last | stopped at last",
                "(no change) | <*>",
                "(none)/(bob)@host left (x=1) early | <*> left early",
                "do_cleanup [preauth] | do_cleanup",
                "[main] do_cleanup [preauth] now | <*> do_cleanup <*> now",
                "got <x> and <<y>> but a <- b -> c | got <*> and <*> but a <*>",
                "connect() failed (111: refused) | connect failed",
                "exit on signal 9 (KILL) | exit on signal <*>",
                "got {a: b} and: [x, y] | got <*> and <*>",
                "Removed Lease(id=5, owner=x) at last | Removed <*> at last",
                "10.1.2.3 \"GET /a HTTP/1.1\" 200 | <*> GET <*>",
                "10.1.2.3 \"GETTING a\" 200 | <*>",
                "10.1.2.3 \"GET \" 200 | <*>",
                "10.1.2.3 \"GET | <*> GET",
                // Neighbouring variables are one.
                "sizes 1, 2, 3 of 4 | sizes <*> of <*>",
                // Attributes.
                "login name= age=0 | login name <*> age <*>",
                "login name=eve age=17 | login name <*> age <*>",
                "login user=<eve x> mode=(fast) | login user <*> mode <*>",
                "aa = bb holds | aa bb holds",
                "closed early, client: x, host: y | closed early",
                "d a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=10 k=11 l=12 | d a <*> b <*> c <*> d <*> e <*> f <*> g <*> h <*> i <*> j <*>",
                "conn=7 op=2 do_search done | conn <*> op <*> do_search done",
                "call do_search done | call <*> done",
                // Objects that were cut off.
                "sent {'a': [1, {\"b\" c... end | sent <*>",
                "sent { half a block | sent half a block",
                // Arrows.
                "=> find_entry | => find_entry",
                "<= find_entry | <= find_entry",
                "<<< name: <>, <x> | <<< name <*>",
                "=>x is no mark | x is no mark",
                "status init -> running now | status <*> now",
                "type Any => none | type <*>",
                "a->b and c ->d | a b and <*> d",
                // Words beside.
                "moved from ready to gone | moved from <*> to <*>",
                "moved from READY to GONE | moved from READY to GONE",
                "changed to gone from ready | changed to gone from ready",
                "seen from the start to the end | seen from the start to the end",
                "connected from 10.1.2.3:5 as alice | connected from <*> as <*>",
                "met bob@corp from 10.1.2.3 as alice | met <*> from <*> as <*>",
                "new client alice left | new client <*> left",
                "Completed 404 NOT_FOUND | Completed <*>",
                "op=0 BIND anew | op <*> BIND anew",
                "Could not read the file: No space left | Could not read the file <*>",
                "error: no file: no space | error no file no space",
                "tag 0x60, time 5 | tag <*> time <*>",
                "ids af1 files, 551 files | ids <*> files <*> file",
                "removed 1 file of 2 classes | removed <*> file of <*> class",
                "removed 2 files of 1 class | removed <*> file of <*> class",
                "after 5 is 6 bus 7 has 8 series | after <*> is <*> bus <*> has <*> series",
                "transfer of data status: success | transfer of data status <*>",
                "is it all on: true | is it all on true",
                "something was thrown: TypeError | something was thrown TypeError",
                "closing now because: no such thing | closing now because <*>",
                "job 5 failed: connection refused | job <*> failed <*>",
                "job failed: connection refused | job failed connection refused",
                "left zone New York today | left zone <*> today",
                "took 5 seconds longer | took <*> longer",
                "since Tue Mar 3 10:00:01 2020 CET down | since <*> down",
                "queue orders is full | queue <*> is full",
                "table does not exist | table does not exist",
                "login of eve from 10.1.2.3 | login of <*> from <*>",
                "slow query: select a from b | slow query <*>",
            })
    void aPatternIsTheWordsOfTheStatement(String line, String pattern) {
        assertThat(pattern(line)).isEqualTo(pattern);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"ts\":1,\"level\":\"warn\",\"msg\":\"lost \\\"x\\\" at 5\",\"n\":[{\"msg\":\"no\"}]} | lost <*> at <*> | WARNING",
                "{\"severity\":\"ERROR\", \"message\": \"no r\\u006fom\"} | no room | ERROR",
                "{\"level\":50,\"msg\":\"gone\"} | gone | ERROR",
                "{\"a\":{\"msg\":\"inner\"},\"msg\":\"outer\"} | outer | UNKNOWN",
                "{\"msg\":\"cut off in the mid | cut off in the mid | UNKNOWN",
                "{\"msg\":\"first\",\"msg\":\"second\"} | first | UNKNOWN",
                "{\"s\":\"W\" ,\"event\":\"slow disk\" ,\"text\":\"x\"} | slow disk | WARNING",
                "{\"event\":\"x\",\"msg\":\"y\",\"level\":\"E\"} | y | ERROR",
                "{\"other\":\"x\"} | <*> | UNKNOWN",
                "time=1 level=error msg=\"no \\\"way\\\" out\" msg=other | no <*> out | ERROR",
                "msg=bye | bye | UNKNOWN",
                "msg=\"never closed | never closed | UNKNOWN",
                "said msg=hello | said msg <*> | UNKNOWN",
            })
    void theMessageIsTakenOutOfStructuredLines(String line, String pattern, String level) {
        assertThat(pattern(line)).isEqualTo(pattern);
        assertThat(reader.level()).hasToString(level);
    }

    @Test
    void structuredLinesCanBeReadAsText() {
        LogLineReader text = new LogLineReader(false);
        for (String line : new String[] {"{\"level\":\"warn\",\"msg\":\"no room\"}", "level=warn msg=\"no room\""}) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            text.read(bytes, 0, bytes.length);
            assertThat(text.pattern()).isNotEqualTo("no room");
            assertThat(pattern(line)).isEqualTo("no room");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u0000\u0000", "...", "(", ":"})
    void linesWithoutWordsHaveAnEmptyPattern(String line) {
        String ofNothing = hash("");
        assertThat(pattern(line)).isEmpty();
        assertThat(reader.hash()).isEqualTo(ofNothing);
    }

    @Test
    void theHashIsThatOfThePattern() {
        assertThat(hash("Started unit 17")).isEqualTo(hash("Started unit 4711")).matches("[0-9a-f]{32}");
        assertThat(hash("Started unit 17")).isNotEqualTo(hash("Stopped unit 17"));
        assertThat(hash("a b 1")).isNotEqualTo(hash("ab 1"));
        assertThat(hash("1 a")).isNotEqualTo(hash("a 1"));
        assertThat(hash("<*> a")).isEqualTo(hash("a"));
    }

    /** Labels that change with a release would break whoever watches them: a change here must be meant. */
    @Test
    void theHashStaysWhatItWas() {
        assertThat(hash("Started unit 17")).isEqualTo("33edfb241aabeaea18364a97a8c98836");
    }

    @Test
    void onlyTheBytesBetweenTheIndexesCount() {
        byte[] line = "xx Started unit 17yy".getBytes(StandardCharsets.UTF_8);
        reader.read(line, 3, line.length - 2);
        assertThat(reader.pattern()).isEqualTo("Started unit <*>");
        assertThatThrownBy(() -> reader.read(line, 3, line.length + 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void otherScriptsAreLetters() {
        assertThat(pattern("соединение с узлом 5 закрыто")).isEqualTo("соединение с узлом <*> закрыто");
        assertThat(pattern("接続 失敗 42")).isEqualTo("接続 失敗 <*>");
        assertThat(pattern("\ud83d\udd25 é 5 tests")).isEqualTo("\ud83d\udd25 é <*> test");
    }

    private String pattern(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        reader.read(bytes, 0, bytes.length);
        return reader.pattern();
    }

    private String hash(String line) {
        pattern(line);
        return reader.hash();
    }
}
