package io.nodetelemetry.internal.doctor;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What is examined, and by what: all that a test replaces.
 *
 * @param proc where procfs is seen
 * @param sys where sysfs is seen
 * @param cgroup where the cgroup file systems are seen
 * @param dockerSockets where the Docker Engine's socket may be; not empty
 * @param services what else may run here and tell of containers and units
 * @param listen the port that metrics are to be scraped from; empty: none
 * @param libbpf asks libbpf for its version
 * @param libzstd asks libzstd for its version
 * @param docker asks the Docker Engine behind a socket for its version, within 2 s
 * @param java the JVM's version
 * @param nativeAccess whether the JVM was told that we may call native code
 */
public record Host(
        Path proc,
        Path sys,
        Path cgroup,
        List<Path> dockerSockets,
        List<Service> services,
        Optional<InetSocketAddress> listen,
        Library libbpf,
        Library libzstd,
        Docker docker,
        Runtime.Version java,
        boolean nativeAccess) {

    public Host {
        dockerSockets = List.copyOf(dockerSockets);
        services = List.copyOf(services);
    }

    /** A library of the system. */
    @FunctionalInterface
    public interface Library {
        /**
         * Its version.
         *
         * @throws Exception with a message for people if it cannot be loaded
         */
        String version() throws Exception;
    }

    /**
     * Something that may run here or not.
     *
     * @param check its name
     * @param neededFor what is not known without it
     * @param flag how it is said where it is to be found
     * @param remedy what to do if it is here and does not answer
     * @param probe asks it
     */
    public record Service(String check, String neededFor, String flag, String remedy, Probe probe) {}

    /** Asks a service. */
    @FunctionalInterface
    public interface Probe {
        /**
         * Where it is and what it calls itself, within 2 s; empty if it is not here.
         *
         * @throws Exception with a message for people if it is here and does not answer
         */
        Optional<String> find() throws Exception;
    }

    /** The Docker Engine. */
    @FunctionalInterface
    public interface Docker {
        /**
         * What it answers to a ping.
         *
         * @throws Exception with a message for people if it does not, or not within 2 s
         */
        String ping(Path socket) throws Exception;
    }
}
