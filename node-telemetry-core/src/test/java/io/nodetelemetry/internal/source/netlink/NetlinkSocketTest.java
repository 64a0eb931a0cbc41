package io.nodetelemetry.internal.source.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nodetelemetry.internal.ffm.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetlinkSocketTest {
    private static final int SOME_TYPE = 40;

    private final ScriptedKernel kernel = new ScriptedKernel();
    private final NetlinkSocket socket = kernel.socket();
    private final NetlinkRequest request = new NetlinkRequest("LIST", SOME_TYPE);

    private List<Integer> dump() throws IOException {
        return socket.dump(request, message -> Optional.of(message.type()));
    }

    @Test
    void requestIsNumberedAndSaysItsLengthAndFlags() throws IOException {
        kernel.answers(Captured.empty(SOME_TYPE, 0, 1), Captured.empty(SOME_TYPE, 0, 2));

        socket.ask(request, NetlinkMessage::type);
        socket.ask(new NetlinkRequest("NAMED", 41).u8(3).zeros(3).attribute(2, "eth0"), NetlinkMessage::type);

        assertThat(kernel.requests).extracting(NetlinkMessage::sequence).containsExactly(1, 2);
        assertThat(kernel.requests).extracting(NetlinkMessage::flags).containsOnly(NetlinkMessage.FLAG_REQUEST);
        NetlinkMessage named = kernel.requests.getLast();
        assertThat(named.type()).isEqualTo(41);
        // Four bytes of a header, an attribute of 4 + 5 bytes, padded.
        assertThat(named.payload().remaining()).isEqualTo(16);
        NetlinkAttributes attributes = named.attributes(4);
        assertThat(attributes.next()).isTrue();
        assertThat(attributes.type()).isEqualTo(2);
        assertThat(attributes.string()).isEqualTo("eth0");
        assertThat(attributes.next()).isFalse();
        attributes.check();
    }

    @Test
    void answersToEarlierRequestsArePassedOver() throws IOException {
        kernel.staysSilent();
        assertThatExceptionOfType(NetlinkException.TimedOut.class)
                .isThrownBy(() -> socket.ask(request, NetlinkMessage::type))
                .withMessage("LIST: no answer within 5 ms");
        kernel.answers(Captured.errno(NetlinkMessage.ERROR, 1, Errno.ESRCH), Captured.empty(SOME_TYPE, 0, 2));

        assertThat(socket.ask(request, NetlinkMessage::type)).isEqualTo(SOME_TYPE);
    }

    @Test
    void refusalIsAnErrno() {
        kernel.answers(Captured.errno(NetlinkMessage.ERROR, 1, Errno.EPERM));

        assertThatExceptionOfType(NetlinkException.Refused.class)
                .isThrownBy(() -> socket.ask(request, NetlinkMessage::type))
                .withMessage("LIST: EPERM")
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
    }

    @Test
    void commandIsDoneWhenItIsAcknowledged() throws IOException {
        kernel.answers(
                Captured.errno(NetlinkMessage.ERROR, 1, 0), Captured.errno(NetlinkMessage.ERROR, 2, Errno.EINVAL));

        socket.command(request);
        assertThatExceptionOfType(NetlinkException.Refused.class)
                .isThrownBy(() -> socket.command(request))
                .withMessage("LIST: EINVAL");

        assertThat(kernel.requests)
                .extracting(NetlinkMessage::flags)
                .containsOnly(NetlinkMessage.FLAG_REQUEST | NetlinkMessage.FLAG_ACK);
    }

    @Test
    void dumpGoesOnUntilItIsDone() throws IOException {
        kernel.answers(
                Captured.empty(SOME_TYPE, NetlinkMessage.FLAG_MULTI, 1),
                Captured.empty(NetlinkMessage.NOOP, 0, 1),
                Captured.empty(SOME_TYPE, NetlinkMessage.FLAG_MULTI, 0),
                Captured.empty(SOME_TYPE + 1, NetlinkMessage.FLAG_MULTI, 1),
                Captured.errno(NetlinkMessage.DONE, 1, 0));

        assertThat(dump()).containsExactly(SOME_TYPE, SOME_TYPE + 1);
        assertThat(kernel.requests.getFirst().flags())
                .isEqualTo(NetlinkMessage.FLAG_REQUEST | NetlinkMessage.FLAG_DUMP);
    }

    @Test
    void interruptedDumpIsAskedForAgain() throws IOException {
        ByteBuffer interrupted =
                Captured.empty(SOME_TYPE, NetlinkMessage.FLAG_MULTI | NetlinkMessage.FLAG_DUMP_INTERRUPTED, 1);
        kernel.answers(
                interrupted,
                Captured.empty(NetlinkMessage.DONE, 0, 1),
                Captured.empty(SOME_TYPE + 1, 0, 2),
                Captured.empty(NetlinkMessage.DONE, 0, 2));

        assertThat(dump()).containsExactly(SOME_TYPE + 1);
        assertThat(kernel.requests).hasSize(2);
    }

    @Test
    void dumpThatIsInterruptedEachTimeIsGivenUp() {
        for (int attempt = 1; attempt <= 3; attempt++) {
            kernel.answers(Captured.empty(NetlinkMessage.DONE, NetlinkMessage.FLAG_DUMP_INTERRUPTED, attempt));
        }

        assertThatExceptionOfType(NetlinkException.Inconsistent.class).isThrownBy(this::dump);
        assertThat(kernel.requests).hasSize(3);
    }

    @Test
    void failedDumpSaysSoAtItsEnd() {
        kernel.answers(Captured.empty(SOME_TYPE, 0, 1), Captured.errno(NetlinkMessage.DONE, 1, Errno.EOPNOTSUPP));

        assertThatExceptionOfType(NetlinkException.Refused.class)
                .isThrownBy(this::dump)
                .withMessage("LIST: EOPNOTSUPP");
    }

    @Test
    void dumpThatDoesNotEndIsGivenUp() {
        kernel.answers(Captured.empty(SOME_TYPE, 0, 1)).staysSilent();

        assertThatExceptionOfType(NetlinkException.TimedOut.class).isThrownBy(this::dump);
    }

    @Test
    void lostMessagesAreAnErrorOfTheirOwn() {
        kernel.overflows().answers(Captured.empty(NetlinkMessage.OVERRUN, 0, 2));

        assertThatExceptionOfType(NetlinkException.Overflow.class).isThrownBy(this::dump);
        assertThatExceptionOfType(NetlinkException.Overflow.class).isThrownBy(this::dump);
    }

    @Test
    void eventsAreThoseOfOneDatagram() throws IOException {
        kernel.answers("route/links-1.bin").staysSilent();

        assertThat(socket.events(Duration.ZERO)).hasSize(2);
        assertThat(socket.events(Duration.ZERO)).isEmpty();
    }

    @Test
    void closingClosesWhatItWasGiven() {
        socket.close();

        assertThat(kernel.closed).isTrue();
    }
}
