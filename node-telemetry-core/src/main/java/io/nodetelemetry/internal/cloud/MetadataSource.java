package io.nodetelemetry.internal.cloud;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** Asks one provider's metadata service. */
interface MetadataSource {
    /** Where the service is, scheme and host; of several, the first that answers is the one. */
    default List<URI> endpoints() {
        return List.of(URI.create("http://169.254.169.254"));
    }

    /**
     * Asks all questions. What the service does not know of this instance (404) stays unknown.
     *
     * @throws IOException if the service cannot be reached, or answers so that going on is of no use; what was learned
     *     before stays in the answers
     */
    void read(MetadataExchange service, MetadataAnswers answers) throws IOException;
}
