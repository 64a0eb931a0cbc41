package io.nodetelemetry.internal.export;

import static io.nodetelemetry.internal.export.ExpositionFormat.OPENMETRICS_1_0_0;
import static io.nodetelemetry.internal.export.ExpositionFormat.TEXT_0_0_4;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpositionFormatTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "absent", textBlock = """
            absent                                                                        | TEXT_0_0_4
            ''                                                                            | TEXT_0_0_4
            */*                                                                           | TEXT_0_0_4
            text/html                                                                     | TEXT_0_0_4
            application/openmetrics-text                                                  | OPENMETRICS_1_0_0
            application/openmetrics-text; version=1.0.0                                   | OPENMETRICS_1_0_0
            Application/OpenMetrics-Text;Version="1.0.0"                                  | OPENMETRICS_1_0_0
            application/openmetrics-text; version=0.0.1                                   | TEXT_0_0_4
            application/openmetrics-text;q=0.2,text/plain;q=0.5                           | TEXT_0_0_4
            application/openmetrics-text;q=0.5,text/plain;q=0.5                           | TEXT_0_0_4
            application/openmetrics-text;q=0                                              | TEXT_0_0_4
            application/openmetrics-text;q=x                                              | TEXT_0_0_4
            application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2 | OPENMETRICS_1_0_0
            application/vnd.google.protobuf;proto=x;encoding=delimited;q=0.6,text/plain;version=0.0.4;q=0.3 | TEXT_0_0_4
            """)
    void theClientsWeightsDecide(String accept, ExpositionFormat expected) {
        assertThat(ExpositionFormat.negotiate(accept)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "absent", textBlock = """
            absent                | false
            identity              | false
            gzip                  | true
            deflate, GZIP;q=0.1   | true
            gzip;q=0, *           | false
            gzip;q=0.000          | false
            *                     | true
            *;q=0                 | false
            br                    | false
            """)
    void gzipOnlyForThoseWhoTakeIt(String acceptEncoding, boolean expected) {
        assertThat(ExpositionFormat.acceptsGzip(acceptEncoding)).isEqualTo(expected);
    }

    @Test
    void anyHeaderIsUnderstoodSomehow() {
        Random random = new Random(5);
        String alphabet = ";,=q01.*/ \"text/plain;version=application/openmetrics-text\u00e9\0";
        for (int i = 0; i < 5_000; i++) {
            StringBuilder header = new StringBuilder();
            for (int length = random.nextInt(200); length > 0; length--) {
                header.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(ExpositionFormat.negotiate(header.toString())).isIn(TEXT_0_0_4, OPENMETRICS_1_0_0);
            ExpositionFormat.acceptsGzip(header.toString());
        }
    }
}
