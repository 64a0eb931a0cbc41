package io.nodetelemetry.internal.collectors.logs;

import io.nodetelemetry.internal.source.logfile.HeldFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Logs that a runtime has just begun. For any thread. */
interface NewLogs {
    /** One that was not handed out yet; null if there is none. */
    @Nullable
    NewDockerLog nextNewLog();

    /**
     * Has the files opened that a log of Docker goes on in from now on, as they come.
     *
     * @return for who reads the log; to be closed
     */
    HeldFiles hold(Path log);

    /** A directory that holds one for each container of Docker, as this process can open it; it need not exist yet. */
    void listenTo(Path containers);
}
