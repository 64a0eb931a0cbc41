package io.nodetelemetry.internal.collectors.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodetelemetry.collector.CollectorContext;
import io.nodetelemetry.collector.CollectorUnavailableException;
import io.nodetelemetry.collector.Labels;
import io.nodetelemetry.collector.MetricTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeCollectorTest {
    @TempDir
    Path root;

    private final NodeCollector collector = new NodeCollector("1.2.3");

    private void start() throws CollectorUnavailableException {
        collector.start(new CollectorContext(InstantSource.system(), root, root, root));
    }

    private void write(String file, String content) throws IOException {
        Files.createDirectories(root.resolve("sys/kernel"));
        Files.writeString(root.resolve("sys/kernel").resolve(file), content);
    }

    @Test
    void nodeAndAgentAreOneRowEach() throws Exception {
        write("hostname", "node-1\n");
        write("osrelease", "6.12.8-amd64\n");
        start();

        List<MetricTable> tables = collector.collect();

        assertThat(tables).extracting(table -> table.families().getFirst()).isEqualTo(collector.families());
        assertThat(tables.getFirst().labels(0)).isEqualTo(Labels.of("node-1", "6.12.8-amd64"));
        assertThat(tables.getFirst().longValue(0, 0)).isEqualTo(1);
        assertThat(tables.getLast().labels(0)).isEqualTo(Labels.of("1.2.3"));
        assertThat(tables.getLast().longValue(0, 0)).isEqualTo(1);
    }

    @Test
    void newHostnameIsNoticedAndOldLabelsAreKeptAsLongAsTheyHold() throws Exception {
        write("hostname", "node-1\n");
        start();
        Labels first = collector.collect().getFirst().labels(0);
        assertThat(collector.collect().getFirst().labels(0)).isSameAs(first);

        write("hostname", "node-2\n");

        assertThat(collector.collect().getFirst().labels(0)).isEqualTo(Labels.of("node-2", ""));
    }

    @Test
    void absentProcfsIsAReasonWithARemedy() {
        assertThatThrownBy(this::start)
                .isInstanceOf(CollectorUnavailableException.class)
                .hasMessage("cannot read " + root + "/sys/kernel/hostname nor " + root
                        + "/sys/kernel/osrelease; mount procfs there or set the proc root");
    }
}
