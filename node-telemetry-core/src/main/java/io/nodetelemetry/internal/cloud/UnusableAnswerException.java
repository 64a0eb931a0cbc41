package io.nodetelemetry.internal.cloud;

import java.io.IOException;

/** A metadata service answered one question with a refusal or with nonsense; others it may still answer. */
final class UnusableAnswerException extends IOException {
    private static final long serialVersionUID = 1L;

    UnusableAnswerException(String message) {
        super(message);
    }

    UnusableAnswerException(String message, Throwable cause) {
        super(message, cause);
    }
}
