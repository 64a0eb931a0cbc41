package io.nodetelemetry.testing;

import io.nodetelemetry.internal.runtime.DeadlineSocket;
import io.nodetelemetry.internal.runtime.grpc.GrpcChannel;
import io.nodetelemetry.internal.runtime.grpc.ProtoReader;
import io.nodetelemetry.internal.runtime.grpc.ProtoWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a kubelet asks of its runtime, as far as tests need it (kubernetes/cri-api, runtime/v1/api.proto). */
final class CriService {
    /** Of a container's status. */
    static final int EXITED = 2;

    private final GrpcChannel channel;

    CriService(Path socket) {
        channel = new GrpcChannel(socket, Duration.ofSeconds(60), DeadlineSocket::connect);
    }

    byte[] call(String method, ProtoWriter request) {
        try {
            return channel.call("runtime.v1.RuntimeService/" + method, Map.of(), request.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String runPodSandbox(ProtoWriter config) {
        return text(call("RunPodSandbox", new ProtoWriter().message(1, config)), 1);
    }

    String createContainer(String podId, ProtoWriter config, ProtoWriter podConfig) {
        return text(
                call(
                        "CreateContainer",
                        new ProtoWriter().text(1, podId).message(2, config).message(3, podConfig)),
                1);
    }

    void startContainer(String id) {
        call("StartContainer", new ProtoWriter().text(1, id));
    }

    void reopenContainerLog(String id) {
        call("ReopenContainerLog", new ProtoWriter().text(1, id));
    }

    void stopContainer(String id) {
        call("StopContainer", new ProtoWriter().text(1, id).number(2, 0));
    }

    void execSync(String id, List<String> command) {
        ProtoWriter request = new ProtoWriter().text(1, id).number(3, 20);
        for (String word : command) {
            request.text(2, word);
        }
        byte[] answer = call("ExecSync", request);
        if (number(answer, 3) != 0) {
            throw new AssertionError(command + " ended with " + number(answer, 3) + ": " + text(answer, 2));
        }
    }

    void removePodSandbox(String id) {
        call("StopPodSandbox", new ProtoWriter().text(1, id));
        call("RemovePodSandbox", new ProtoWriter().text(1, id));
    }

    List<String> podSandboxes() {
        List<String> ids = new ArrayList<>();
        for (byte[] sandbox : all(call("ListPodSandbox", new ProtoWriter()), 1)) {
            ids.add(text(sandbox, 1));
        }
        return ids;
    }

    String podIp(String id) {
        byte[] status = bytes(call("PodSandboxStatus", new ProtoWriter().text(1, id)), 1);
        return text(bytes(status, 5), 1);
    }

    /** State and exit code. */
    long[] containerState(String id) {
        byte[] status = bytes(call("ContainerStatus", new ProtoWriter().text(1, id)), 1);
        return new long[] {number(status, 3), number(status, 7)};
    }

    private static long number(byte[] message, int field) {
        long[] number = {0};
        each(message, field, value -> number[0] = value.number());
        return number[0];
    }

    private static String text(byte[] message, int field) {
        String[] text = {""};
        each(message, field, value -> text[0] = value.text());
        return text[0];
    }

    private static byte[] bytes(byte[] message, int field) {
        byte[][] bytes = {{}};
        each(message, field, value -> bytes[0] = value.bytes());
        return bytes[0];
    }

    private static List<byte[]> all(byte[] message, int field) {
        List<byte[]> found = new ArrayList<>();
        each(message, field, value -> found.add(value.bytes()));
        return found;
    }

    private interface Value {
        void take(ProtoReader reader);
    }

    private static void each(byte[] message, int field, Value value) {
        try {
            ProtoReader reader = ProtoReader.of(message);
            while (reader.next()) {
                if (reader.field() == field) {
                    value.take(reader);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
