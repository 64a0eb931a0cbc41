package io.nodetelemetry.internal.doctor;

import io.nodetelemetry.model.Diagnosis;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The Docker Engine, other services that tell of containers, and our own port. */
final class ServiceChecks {
    private static final Subject DOCKER = Subject.useful("docker socket", "names and images of Docker's containers");
    private static final Subject PORT = Subject.useful("listen address", "being scraped by Prometheus");

    private ServiceChecks() {}

    static List<Diagnosis> all(Host host) {
        List<Diagnosis> diagnoses = new ArrayList<>();
        diagnoses.add(docker(host));
        host.services().forEach(service -> diagnoses.add(service(service)));
        host.listen().ifPresent(address -> diagnoses.add(port(address)));
        return diagnoses;
    }

    private static Diagnosis docker(Host host) {
        for (Path socket : host.dockerSockets()) {
            if (Files.exists(socket)) {
                try {
                    return DOCKER.ok(socket + ", " + host.docker().ping(socket));
                } catch (Exception e) {
                    return DOCKER.missing(
                            socket + ": " + e.getMessage(),
                            "see that dockerd runs and that we may connect to its socket: systemctl status docker");
                }
            }
        }
        return DOCKER.warn(
                "none at " + host.dockerSockets().getFirst(),
                "nothing, if there is no Docker here; else start it, or say where its socket is: --docker-socket");
    }

    private static Diagnosis service(Host.Service service) {
        Subject subject = Subject.useful(service.check(), service.neededFor());
        try {
            return service.probe()
                    .find()
                    .map(subject::ok)
                    .orElseGet(() -> subject.warn(
                            "none here",
                            "nothing, if there is none on this machine; else say where it is: " + service.flag()));
        } catch (Exception e) {
            return subject.missing(String.valueOf(e.getMessage()), service.remedy());
        }
    }

    private static Diagnosis port(InetSocketAddress address) {
        String text = address.getHostString() + ":" + address.getPort();
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
            return PORT.ok(text + " is free");
        } catch (IOException e) {
            return PORT.warn(
                    text + ": " + e.getMessage(),
                    "nothing, if that is an agent that runs already; else choose another port: --listen");
        }
    }
}
