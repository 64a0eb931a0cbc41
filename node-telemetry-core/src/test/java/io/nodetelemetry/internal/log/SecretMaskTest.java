package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretMaskTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "login failed password=hunter2 user=bob | login failed password=*** user=bob",
                "DB_PASSWORD: \"a, b; c\", host: x | DB_PASSWORD: ***, host: x",
                "{\"user\":\"bob\",\"passwd\":\"p\\\"w\",\"n\":1} | {\"user\":\"bob\",\"passwd\":***,\"n\":1}",
                "{\\\"client_secret\\\":\\\"abc def\\\"} | {\\\"client_secret\\\":***}",
                "api_key => 'k-1' done | api_key => *** done",
                "GET /v1?api-key=abc123&page=2 HTTP/1.1 | GET /v1?api-key=***&page=2 HTTP/1.1",
                "token=abc;id=4 | token=***;id=4",
                "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG | aws_secret_access_key = ***",
                "mysqld --user=root --password hunter2 -v | mysqld --user=root --password *** -v",
                "the password is 'hunter2' now | the password is *** now",
                "CREATE USER x IDENTIFIED BY 'pw' | CREATE USER x IDENTIFIED BY ***",
                "Authorization: Bearer abc.def-123 | Authorization: ***",
                "\"authorization\": \"Basic dXNlcjpwYXNz\", \"a\": 1 | \"authorization\": ***, \"a\": 1",
                "sent Basic dXNlcjpwYXNzMQ== to x | sent Basic *** to x",
                "Set-Cookie: sid=1; Path=/ | Set-Cookie: ***",
                "connect to postgres://app:s3cr3t@db:5432/x failed | connect to postgres://app:***@db:5432/x failed",
                "amqp://:pw@mq | amqp://:***@mq",
                "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dBjftJeZ4CVP here | got *** here",
                "key AKIAIOSFODNN7EXAMPLE used | key *** used",
                "push with ghp_16C7e42F292c6912E7710c838347Ae178B4a | push with ***",
                "card 4111 1111 1111 1111 refused | card *** refused",
                "card 5500-0000-0000-0004. | card ***.",
                "card 378282246310005 refused | card *** refused",
                "dsn app:hunter2@tcp(10.0.0.1:3306)/db | dsn app:***@tcp(10.0.0.1:3306)/db",
                "mongodb+srv://app:p%40ss@c.example.org/db | mongodb+srv://app:***@c.example.org/db",
                "clone https://ghp_16C7e42F292c6912E7710c838347Ae178B4a@host/a | clone https://***@host/a",
                "{\"passwords\":[\"hunter2\",\"hunter3\"],\"n\":1} | {\"passwords\":***,\"n\":1}",
                "{\"password\":12345,\"n\":1} | {\"password\":***,\"n\":1}",
                "{\"apiKey\":\"a b\",\"clientSecret\": \"x\"} | {\"apiKey\":***,\"clientSecret\": ***}",
                "{\"Authorization\":[\"k3y\"],\"Accept\":[\"x\"]} | {\"Authorization\":***,\"Accept\":[\"x\"]}",
                "Proxy-Authorization: Digest username=\"a\", response=\"6629\" | Proxy-Authorization: ***",
                "curl -H 'Authorization: Bearer abc123def' https://x | curl -H 'Authorization: ***' https://x",
                "curl -u bob:hunter2 https://x | curl -u bob:*** https://x",
                "mysql -uroot -phunter2 db | mysql -uroot -p*** db",
                "sshpass -p hunter2 ssh host | sshpass -p *** ssh host",
                "login with password hunter2 failed | login with password *** failed",
                "AWS_SECRET_ACCESS_KEY=wJalr/bPx AWS_REGION=eu | AWS_SECRET_ACCESS_KEY=*** AWS_REGION=eu",
                "?X-Amz-Signature=fe5f80f7&x=1 | ?X-Amz-Signature=***&x=1",
                "?sv=2020&sig=abcdef1234567890%3D&se=1 | ?sv=2020&sig=***&se=1",
                "AccountKey=Eby8vdM02x==;EndpointSuffix=x | AccountKey=***;EndpointSuffix=x",
                "X-Api-Key: 0123456789abcdef | X-Api-Key: ***",
                "Cookie: a=b; PHPSESSID=c | Cookie: ***",
                "GET /a;jsessionid=0A1B?x=1 | GET /a;jsessionid=***",
                "db_pass=hunter2 x | db_pass=*** x",
                "{\"pass\": \"hunter2\"} | {\"pass\": ***}",
                "https://hooks.slack.com/services/T0/B0/XX failed | https://hooks.slack.com/services/*** failed",
                "cards=4111111111111111,5500000000000004 | cards=***,***",
                "password=\"cut off | password=***",
                "-----BEGIN RSA PRIVATE KEY----- MIIE | -----BEGIN RSA PRIVATE KEY-----***",
            })
    void aSecretIsMasked(String text, String masked) {
        assertThat(SecretMask.mask(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password authentication failed for user bob",
                "FATAL:  password authentication failed for user \"bob\"",
                "the password is too short, and the token expired",
                "invalid token at position 5, unexpected token } in JSON",
                "secret default/my-secret not found",
                "signature verification failed",
                "duplicate key value violates unique constraint \"users_pkey\", sort_key=name",
                "id 550e8400-e29b-41d4-a716-446655440000 gone at 2026-11-23T13:12:00.123456789Z",
                "card 4111 1111 1111 1112 refused",
                "1732374000123456789 ns",
                "docker run -u 1000:1000 x",
                "tests pass: 5 fail: 0, bypass=true compass=north",
                "-----BEGIN CERTIFICATE-----",
                "basic authentication is not enough",
                "order 4111111111111112 shipped",
                "1732354567890 ms since the epoch",
                "trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7",
                "http://example.org:8080/a@b",
                "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
                "",
            })
    void theRestStays(String text) {
        assertThat(SecretMask.mask(text)).isEqualTo(text);
    }

    @Test
    void aKeyOfSeveralLinesGoesWhole() {
        assertThat(SecretMask.mask("read -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"))
                .isEqualTo("read -----BEGIN PRIVATE KEY-----***");
    }

    @Test
    void maskedTextStaysAsItIs() {
        String once = SecretMask.mask("password=a token: b https://u:p@h");
        assertThat(SecretMask.mask(once)).isEqualTo(once);
    }

    /** With backtracking over the whole text from each of its places, these would take minutes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "password",
                "password=",
                "password=\"",
                "token ",
                "4",
                "4 ",
                "a://",
                "a:",
                "eyJ",
                "eyJabcde.",
                "-----BEGIN ",
                "bearer ",
                "sk-",
                "authorization: ",
                "--password ",
                "\"",
                "\\\"",
                " ",
                "x-",
                "mysql ",
                "mysql -p",
                "-u a",
                "digest a=",
                "pass=[",
                "password=\"\\",
                "a:b@",
                "passwd a",
                "sig=",
                "sshpass "
            })
    void noTextTakesMoreThanItsShareOfTime(String unit) {
        String text = unit.repeat(16_384 / unit.length());
        long start = System.nanoTime();
        SecretMask.mask(text);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
    }

    /** As long as a message can be: expressions that call themselves for each character would overflow the stack. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "\\n", "\\\\", "'", " ", "[", "\u65e5", "1"})
    void longValuesGoWhole(String unit) {
        String value = unit.repeat(MessageAssembler.MAX_TEXT / unit.length());
        assertThat(SecretMask.mask("password=\"" + value)).isEqualTo("password=***");
        assertThat(SecretMask.mask("password=[" + value)).isEqualTo("password=***");
        assertThat(SecretMask.mask("x {\\\"password\\\":\\\"" + value)).startsWith("x {\\\"password\\\":***");
        assertThat(SecretMask.mask("-----BEGIN PRIVATE KEY-----" + value)).isEqualTo("-----BEGIN PRIVATE KEY-----***");
    }

    @Test
    void anyTextIsAnswered() {
        Random random = new Random(7);
        String symbols = "pasword=:'\"\\ -4eyJ./@&;,{}]\n\u00e9";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(60); j > 0; j--) {
                text.append(symbols.charAt(random.nextInt(symbols.length())));
            }
            assertThat(SecretMask.mask(text.toString())).isNotNull();
        }
    }
}
