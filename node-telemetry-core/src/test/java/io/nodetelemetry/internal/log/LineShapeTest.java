package io.nodetelemetry.internal.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LineShapeTest {
    private static final Pattern TIME = Pattern.compile("[0-9]{2}:[0-9]{2}:[0-9]{2}");
    /** Of the beginning of a line, that are looked at for a time. */
    private static final int LOOKED_AT = 100;

    private final Random random = new Random(20261123);

    /** Made of what a time is made of, so that beginnings of times and times within others are met. */
    private String line() {
        StringBuilder line = new StringBuilder();
        int length = random.nextInt(LOOKED_AT + 20);
        while (line.length() < length) {
            switch (random.nextInt(8)) {
                case 0 -> line.append("x/;".charAt(random.nextInt(3)));
                case 1 -> line.append(':');
                case 2, 3 -> line.append("12:");
                case 4 -> line.append(" ".repeat(random.nextInt(12)));
                default -> line.append(random.nextInt(10));
            }
        }
        return line.toString();
    }

    @Test
    void findsTheTimesOfDayThatStandInTheBeginning() {
        int found = 0;
        for (int round = 0; round < 20_000; round++) {
            String line = line();
            byte[] bytes = ("1" + line + "2:34:56").getBytes(StandardCharsets.US_ASCII);
            boolean isThere = TIME.matcher(line.substring(0, Math.min(line.length(), LOOKED_AT)))
                    .find();
            assertThat(LineShape.hasTime(bytes, 1, 1 + line.length())).as(line).isEqualTo(isThere);
            found += isThere ? 1 : 0;
        }
        assertThat(found).isBetween(1_000, 19_000);
    }
}
