package io.nodetelemetry.internal.source.cgroupfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodetelemetry.model.CgroupPath;
import io.nodetelemetry.model.CgroupRef;
import io.nodetelemetry.testing.HostFeature;
import io.nodetelemetry.testing.Requires;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The kernel's own cgroup files, kept open while their cgroups come and go. */
@Tag("kernel")
@Requires(HostFeature.ROOT)
class ContainerAccountsIT {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Path PROC = Path.of("/proc");

    private final String name = "nt-accounts-it-" + ProcessHandle.current().pid();

    private Map<CgroupRef, CgroupPath> make() throws Exception {
        Map<CgroupRef, CgroupPath> made = new LinkedHashMap<>();
        for (CgroupHierarchy hierarchy : CgroupHierarchies.find(CGROUPS, PROC)) {
            Path directory = Files.createDirectory(hierarchy.root().resolve(name));
            long id = ((Number) Files.getAttribute(directory, "unix:ino")).longValue();
            made.put(new CgroupRef(hierarchy.number(), id), new CgroupPath("/" + name));
        }
        return made;
    }

    @AfterEach
    void remove() throws Exception {
        for (CgroupHierarchy hierarchy : CgroupHierarchies.find(CGROUPS, PROC)) {
            Files.deleteIfExists(hierarchy.root().resolve(name));
        }
    }

    private static OptionalLong readAll(ContainerAccounts accounts, AccountFiles files) throws IOException {
        for (Pressured resource : Pressured.values()) {
            accounts.pressure(files, resource)
                    .ifPresent(text -> assertThat(text.nextLine()).isTrue());
        }
        accounts.memory(files);
        return accounts.cpu(files).usageNanos();
    }

    @Test
    void goneCgroupIsNoticedAndItsSuccessorIsRead() throws Exception {
        try (ContainerAccounts accounts = ContainerAccounts.open(CGROUPS, PROC)) {
            AccountFiles files = accounts.files(make());
            for (int i = 0; i < 3; i++) {
                assertThat(readAll(accounts, files)).isPresent();
            }
            int open = accounts.openFiles();
            assertThat(open).isPositive();

            remove();
            assertThat(readAll(accounts, files)).isEmpty();
            assertThat(accounts.openFiles()).isZero();

            assertThat(make()).isNotEmpty();
            assertThat(readAll(accounts, files)).isPresent();
            assertThat(accounts.openFiles()).isEqualTo(open);
        }
    }

    @Test
    void openFilesDoNotHoldACgroup() throws Exception {
        List<CgroupHierarchy> hierarchies = CgroupHierarchies.find(CGROUPS, PROC);
        try (ContainerAccounts accounts = ContainerAccounts.open(CGROUPS, PROC)) {
            assertThat(readAll(accounts, accounts.files(make()))).isPresent();
            assertThat(accounts.openFiles()).isPositive();

            remove();

            assertThat(hierarchies)
                    .noneMatch(hierarchy -> Files.exists(hierarchy.root().resolve(name)));
        }
    }
}
