package io.nodetelemetry.benchmarks;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Lines as programs write them, the same ones whenever they are made. */
public enum LogText {
    /** A distributed file system's data node, terse. */
    HDFS(
            "081109 %6d %d INFO dfs.DataNode$PacketResponder: PacketResponder %d for block blk_-%9d%9d ending",
            "081109 %6d %d INFO dfs.DataNode$DataXceiver: Got block blk_%9d%9d from /10.250.%d.%d:%4d",
            "081109 %6d %d INFO dfs.FSNamesystem: BLOCK* ask 10.251.%d.%d:50010 to delete blk_-%9d%9d",
            "081109 %6d %d WARN dfs.DataNode$DataXceiver: 10.250.%d.%d:50010: cannot serve blk_%9d%9d to /10.251.%d.%d"),
    /** A batch system's master, with thread and class. */
    HADOOP(
            "2015-10-18 18:01:%2d,%3d INFO [AsyncDispatcher event handler] org.example.mapreduce.job.TaskAttempt: "
                    + "attempt_144%9d_%4d_m_00%4d_0 moved from NEW to UNASSIGNED",
            "2015-10-18 18:01:%2d,%3d INFO [Communication Allocator] org.example.rm.ContainerAllocator: "
                    + "Resource limits <memory:%4d, vCores:-%2d>, pending %d",
            "2015-10-18 18:01:%2d,%3d WARN [LeaseRenewer:msra@node-%2d:9000] org.example.ipc.Client: "
                    + "Address change seen. Old: node-%2d/10.190.%d.%d:9000 New: node-%2d:9000",
            "2015-10-18 18:01:%2d,%3d ERROR [RMCommunicator] org.example.rm.ContainerAllocator: "
                    + "no answer from the manager, attempt %d"),
    /** A daemon's lines as syslog writes them. */
    OPENSSH(
            "Dec 10 07:%2d:%2d node-%d sshd[%5d]: Failed password for invalid user guest%d from 10.36.%d.%d port %5d ssh2",
            "Dec 10 07:%2d:%2d node-%d sshd[%5d]: Connection closed by 10.36.%d.%d [preauth]",
            "Dec 10 07:%2d:%2d node-%d sshd[%5d]: pam_unix(sshd:auth): check pass; user unknown",
            "Dec 10 07:%2d:%2d node-%d sshd[%5d]: error: maximum authentication attempts exceeded for root from 10.36.%d.%d"),
    /** A cluster computation's executor. */
    SPARK(
            "17/06/09 20:10:%2d INFO executor.Executor: Running task %d.0 in stage %d.0 (TID %5d)",
            "17/06/09 20:10:%2d INFO storage.MemoryStore: Block broadcast_%d stored as values in memory (size %d.%d KB, free %d.%d KB)",
            "17/06/09 20:10:%2d INFO storage.ShuffleBlockFetcherIterator: Started %d remote fetches in %d ms",
            "17/06/09 20:10:%2d WARN scheduler.TaskSetManager: Lost task %d.0 in stage %d.0 (TID %5d, node-%2d, executor %d)"),
    /** A coordination service. */
    ZOOKEEPER(
            "2015-07-29 19:%2d:%2d,%3d - INFO  [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:NIOServerCnxn@10%2d] - "
                    + "Closed socket connection for client /10.10.34.%d:%5d which had sessionid 0x14f%9dab",
            "2015-07-29 19:%2d:%2d,%3d - WARN  [RecvWorker:18897:QuorumCnxManager$RecvWorker@76%d] - "
                    + "Connection broken for id 18897, my id = %d, error = ",
            "2015-07-29 19:%2d:%2d,%3d - INFO  [/10.10.34.%d:3888:QuorumCnxManager$Listener@49%d] - "
                    + "Received connection request /10.10.34.%d:%5d"),
    /** Structured by a library, one object a line. */
    JSON(
            "{\"ts\":\"2026-03-01T10:%2d:%2d.%3dZ\",\"level\":\"info\",\"logger\":\"http\",\"msg\":\"request served\","
                    + "\"status\":200,\"took_ms\":%d,\"peer\":\"10.1.%d.%d:%5d\"}",
            "{\"ts\":\"2026-03-01T10:%2d:%2d.%3dZ\",\"level\":\"warn\",\"logger\":\"db\","
                    + "\"msg\":\"slow statement \\\"select %d\\\" took %dms\",\"pool\":\"main\"}",
            "{\"ts\":\"2026-03-01T10:%2d:%2d.%3dZ\",\"level\":\"error\",\"msg\":\"upstream reset\",\"err\":\"read: EOF\","
                    + "\"attempt\":%d}"),
    /** Pairs of name and value. */
    LOGFMT(
            "time=2026-03-01T10:%2d:%2d.%3dZ level=info msg=\"request served\" status=200 took=%dms peer=10.1.%d.%d:%5d",
            "time=2026-03-01T10:%2d:%2d.%3dZ level=warn msg=\"slow statement\" id=%d took=%dms pool=main",
            "time=2026-03-01T10:%2d:%2d.%3dZ level=error msg=\"upstream reset\" err=\"read: EOF\" attempt=%d"),
    /** As the components of an orchestrator write them. */
    KLOG(
            "I0301 10:%2d:%2d.%3d%3d %7d controller.go:%3d] \"Finished syncing\" service=\"shop/cart-%2d\" elapsed=\"%d.%dms\"",
            "W0301 10:%2d:%2d.%3d%3d %7d reflector.go:%3d] watch of *v1.Pod ended with: too old resource version: %7d (%7d)",
            "E0301 10:%2d:%2d.%3d%3d %7d kubelet.go:%4d] \"Error syncing pod, skipping\" pod=\"shop/cart-%2d\" podUID=%9d");

    /** How a runtime writes a line to its file. */
    public enum Wrapping {
        /** As the program wrote it. */
        NONE,
        /** An object of JSON. */
        DOCKER,
        /** With time, stream and a mark in front. */
        CRI;

        private String of(String line) {
            return switch (this) {
                case NONE -> line;
                case DOCKER ->
                    "{\"log\":\"" + line.replace("\\", "\\\\").replace("\"", "\\\"")
                            + "\\n\",\"stream\":\"stderr\",\"time\":\"2026-03-01T10:00:00.123456789Z\"}";
                case CRI -> "2026-03-01T10:00:00.123456789Z stderr F " + line;
            };
        }
    }

    /** Of each kind. */
    public static final int LINES = 1_000;

    /** Separated by line feeds. */
    private final String statements;

    LogText(String... statements) {
        this.statements = String.join("\n", statements);
    }

    /** The lines, each with its line feed. */
    public byte[] bytes(Wrapping wrapping) {
        Random random = new Random(name().hashCode());
        String[] each = statements.split("\n", -1);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (int i = 0; i < LINES; i++) {
            // The first is what programs write mostly.
            int statement = random.nextInt(2) * random.nextInt(each.length);
            text.writeBytes((wrapping.of(filled(each[statement], random)) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return text.toByteArray();
    }

    /** With a number of that many digits, by default up to three, in place of each {@code %d}. */
    private static String filled(String statement, Random random) {
        StringBuilder line = new StringBuilder();
        String[] parts = statement.split("%", -1);
        line.append(parts[0]);
        for (String part : Arrays.asList(parts).subList(1, parts.length)) {
            if (part.charAt(0) == 'd') {
                line.append(random.nextInt(256)).append(part.substring(1));
                continue;
            }
            for (int i = 0; i < part.charAt(0) - '0'; i++) {
                line.append(random.nextInt(10));
            }
            line.append(part.substring(2));
        }
        return line.toString();
    }
}
