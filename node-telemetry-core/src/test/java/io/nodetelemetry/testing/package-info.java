/**
 * What a test needs from the machine it runs on, said by an annotation.
 *
 * <p>A test whose needs are not met is skipped with the reason; with {@code -Dnodetelemetry.tests.required=true} (as {@code
 * make test} sets) it fails instead, so that a run that proves nothing about the kernel cannot be green.
 */
package io.nodetelemetry.testing;
