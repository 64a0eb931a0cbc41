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
                "x-"
            })
    void noTextTakesMoreThanItsShareOfTime(String unit) {
        String text = unit.repeat(16_384 / unit.length());
        long start = System.nanoTime();
        SecretMask.mask(text);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
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
