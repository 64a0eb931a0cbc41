package io.nodetelemetry.internal.runtime.grpc;

import java.io.ByteArrayOutputStream;
import java.net.ProtocolException;

/**
 * The code of HPACK's strings (RFC 7541, appendix B). It is canonical: codes of one length follow each other in the order
 * of their symbols, and the first of a length follows from the shorter ones. So the lengths say it all.
 */
final class Huffman {
    /** Of the 256 bytes and of the end of a string, in bits. */
    private static final byte[] LENGTHS = {
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28,
        28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15,
        6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22,
        20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23,
        23, 24, 22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22,
        22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26,
        27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23, 26, 27,
        26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30
    };

    private static final int LONGEST = 30;
    private static final int END = 256;

    /** The symbols in the order of their codes. */
    private static final short[] SYMBOLS = new short[LENGTHS.length];

    /** By length: how many codes have it. */
    private static final int[] COUNTS = new int[LONGEST + 1];

    static {
        int next = 0;
        for (int length = 1; length <= LONGEST; length++) {
            for (int symbol = 0; symbol < LENGTHS.length; symbol++) {
                if (LENGTHS[symbol] == length) {
                    SYMBOLS[next++] = (short) symbol;
                    COUNTS[length]++;
                }
            }
        }
    }

    private Huffman() {}

    /**
     * Decodes a string.
     *
     * @throws ProtocolException if it is not well-formed
     */
    static byte[] decode(byte[] coded) throws ProtocolException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(coded.length * 2);
        // Of the codes of the present length: the first, and where its symbol stands.
        int first = 0;
        int firstSymbol = 0;
        int code = 0;
        int length = 0;
        boolean allOnes = true;
        for (int bit = 0; bit < coded.length * Byte.SIZE; bit++) {
            int one = (coded[bit / Byte.SIZE] >> (7 - bit % Byte.SIZE)) & 1;
            allOnes &= one == 1;
            code = (code << 1) | one;
            firstSymbol += COUNTS[length];
            first = (first + COUNTS[length]) << 1;
            length++;
            if (code - first < COUNTS[length]) {
                int symbol = SYMBOLS[firstSymbol + code - first];
                if (symbol == END) {
                    throw new ProtocolException("the end of a string inside of it");
                }
                out.write(symbol);
                first = 0;
                firstSymbol = 0;
                code = 0;
                length = 0;
                allOnes = true;
            }
        }
        // What is left is padding: the beginning of the end's code, which is all ones.
        if (length >= Byte.SIZE || !allOnes) {
            throw new ProtocolException("a string that is cut off");
        }
        return out.toByteArray();
    }
}
