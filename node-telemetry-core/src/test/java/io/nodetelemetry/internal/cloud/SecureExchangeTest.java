package io.nodetelemetry.internal.cloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.nodetelemetry.testing.Command;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A metadata service with a certificate, such as IBM's. */
class SecureExchangeTest {
    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final String PASSWORD = "password";

    @TempDir
    static Path folder;

    private HttpsServer server;
    private SSLContext trusting;

    SecureExchangeTest() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        identity.init(keys, PASSWORD.toCharArray());
        SSLContext serving = SSLContext.getInstance("TLS");
        serving.init(identity.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(serving));

        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        trusting = SSLContext.getInstance("TLS");
        trusting.init(null, trust.getTrustManagers(), null);
    }

    /** For the name localhost alone. */
    @BeforeAll
    static void certificate() {
        Command.run(List.of(
                        Path.of(System.getProperty("java.home", ""), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "service",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=service",
                        "-ext",
                        "san=dns:localhost",
                        "-keystore",
                        folder.resolve("keys.p12").toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD))
                .succeeded();
    }

    @BeforeEach
    void serve() {
        server.createContext("/value", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, 1);
                exchange.getResponseBody().write('v');
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private URI address(String host) {
        return URI.create("https://" + host + ":" + server.getAddress().getPort());
    }

    @Test
    void itsCertificateIsAcceptedForItsName() throws IOException {
        try (MetadataExchange exchange =
                new MetadataExchange(address("localhost"), AMPLE, trusting::getSocketFactory)) {
            assertThat(exchange.text("/value")).contains("v");
            assertThat(exchange.document("/none")).isEmpty();
        }
    }

    @Test
    void anotherNameIsRefused() throws IOException {
        try (MetadataExchange exchange =
                new MetadataExchange(address("127.0.0.1"), AMPLE, trusting::getSocketFactory)) {
            assertThatThrownBy(() -> exchange.text("/value")).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() throws IOException {
        try (MetadataExchange exchange = new MetadataExchange(address("localhost"), AMPLE)) {
            assertThatThrownBy(() -> exchange.text("/value")).isInstanceOf(SSLException.class);
        }
    }

    @Test
    void aHandshakeThatDripsIsGivenUpInTime() throws Exception {
        // The head of a handshake record of 16 KiB, and then a byte now and then.
        byte[] head = {22, 3, 3, 63, (byte) 255};
        try (RawServer dripping = RawServer.speakingFirst(out -> {
                    out.write(head);
                    while (true) {
                        out.write(2);
                        out.flush();
                        Thread.sleep(10);
                    }
                });
                MetadataExchange exchange = new MetadataExchange(
                        URI.create("https://localhost:" + dripping.address().getPort()),
                        Duration.ofMillis(500),
                        trusting::getSocketFactory)) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> exchange.text("/value"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no complete answer within 500 ms");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
        }
    }
}
