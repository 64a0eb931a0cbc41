import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/** Turns the system's bundle of certificates (PEM) into a trust store: {@code java TrustStore.java BUNDLE STORE}. */
class TrustStore {
    public static void main(String[] args) throws Exception {
        KeyStore store = KeyStore.getInstance("JKS");
        store.load(null, null);
        try (var in = Files.newInputStream(Path.of(args[0]))) {
            int n = 0;
            for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("system-" + n++, certificate);
            }
        }
        // "changeit" is what every JDK's trust store has, and what tools assume.
        try (var out = Files.newOutputStream(Path.of(args[1]))) {
            store.store(out, "changeit".toCharArray());
        }
    }
}
