package io.nodetelemetry.testing;

import static io.nodetelemetry.testing.BtfElf.check;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the BTF of a BPF object says about its types, for tests that hold Java's idea of a shared struct against it:
 *
 * <pre>{@code
 * BtfLayout btf = BtfLayout.of(elf);
 * assertThat(btf.struct("connect_event").field("daddr").offset()).isEqualTo(16);
 * assertThat(btf.enumValue("EVENT_OPEN")).isEqualTo(1);
 * assertThat(btf.variable(".rodata", "track_public").offset()).isZero();
 * }</pre>
 *
 * <p>Asking for what is not there throws {@link NoSuchElementException}; a malformed object throws
 * {@link BtfFormatException}. Immutable. Format: Documentation/bpf/btf.rst.
 */
public final class BtfLayout {
    /**
     * A member of a struct or union, or a variable of a data section.
     *
     * @param name its name
     * @param bitOffset where it starts, in bits
     * @param bitSize how long it is, in bits
     */
    public record Field(String name, int bitOffset, int bitSize) {
        /** Where it starts, in bytes from the start of the struct; a bit-field in the middle of a byte is refused. */
        public int offset() {
            return wholeBytes(bitOffset);
        }

        /** Its length in bytes; a bit-field that does not fill bytes is refused. */
        public int size() {
            return wholeBytes(bitSize);
        }

        private int wholeBytes(int bits) {
            if (bits % 8 != 0) {
                throw new IllegalStateException(name + " is a bit-field: " + bits + " bits");
            }
            return bits / 8;
        }
    }

    /**
     * A struct or union.
     *
     * @param name its tag, or the name of the typedef it was asked by
     * @param size its length in bytes
     * @param fields its members; those of anonymous structs and unions appear as its own
     */
    public record Struct(String name, int size, List<Field> fields) {
        public Struct {
            fields = List.copyOf(fields);
        }

        /** The member of that name. */
        public Field field(String fieldName) {
            return fields.stream()
                    .filter(field -> field.name().equals(fieldName))
                    .findFirst()
                    .orElseThrow(() -> new NoSuchElementException("struct " + name + " has no field " + fieldName));
        }
    }

    private final BtfElf elf;
    private final BtfTypes types;

    private BtfLayout(BtfElf elf, BtfTypes types) {
        this.elf = elf;
        this.types = types;
    }

    /** Reads the {@code .BTF} section of an ELF object. */
    public static BtfLayout of(byte[] elf) {
        BtfElf object = BtfElf.parse(elf);
        ByteBuffer section =
                object.section(".BTF").orElseThrow(() -> new BtfFormatException("the object has no .BTF section"));
        return new BtfLayout(object, BtfTypes.parse(section));
    }

    /** Reads BTF without ELF around it, such as {@code /sys/kernel/btf/vmlinux}. */
    public static BtfLayout ofRaw(byte[] btf) {
        byte[] noSections = new byte[128];
        ByteBuffer header = ByteBuffer.wrap(noSections).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(0, 0x464c457f).put(4, (byte) 2).put(5, (byte) 1);
        header.putLong(40, 64).putShort(58, (short) 64).putShort(60, (short) 1);
        // The only section is its own (one-byte, empty) string table.
        header.putLong(64 + 24, 127).putLong(64 + 32, 1);
        return new BtfLayout(
                BtfElf.parse(noSections), BtfTypes.parse(ByteBuffer.wrap(btf).order(ByteOrder.LITTLE_ENDIAN)));
    }

    /** The struct or union with that tag, or behind a typedef of that name. */
    public Struct struct(String name) {
        BtfTypes.Type type = types.named(name, BtfTypes.STRUCT, BtfTypes.UNION, BtfTypes.TYPEDEF)
                .map(types::resolve)
                .filter(BtfTypes.Type::isComposite)
                .orElseThrow(() -> new NoSuchElementException("no struct " + name + " in BTF"));
        List<Field> fields = new ArrayList<>();
        collect(type, 0, 0, fields);
        return new Struct(name, type.sizeOrType(), fields);
    }

    /** The value of an enumerator, whichever enum it belongs to. */
    public long enumValue(String enumerator) {
        OptionalLong value = types.enumerator(enumerator);
        return value.orElseThrow(() -> new NoSuchElementException("no enumerator " + enumerator + " in BTF"));
    }

    /** Place and size of a global variable inside a data section such as {@code .rodata}. */
    public Field variable(String section, String name) {
        Optional<BtfTypes.Type> variable = types.named(name, BtfTypes.VAR);
        // The compiler leaves the offsets in DATASEC at zero for the loader to fill in from the symbols; so do we.
        OptionalLong offset = elf.symbolOffset(section, name);
        if (variable.isEmpty() || offset.isEmpty()) {
            throw new NoSuchElementException("no variable " + name + " in section " + section);
        }
        return new Field(
                name, bits(offset.getAsLong()), bits(types.sizeOf(variable.get().sizeOrType())));
    }

    private void collect(BtfTypes.Type composite, int baseBits, int depth, List<Field> into) {
        check(depth <= BtfTypes.MAX_DEPTH, "BTF struct nested too deeply");
        for (BtfTypes.Member member : composite.members()) {
            long offset = baseBits + Integer.toUnsignedLong(member.bitOffset(composite));
            check(offset <= Integer.MAX_VALUE, "BTF member offset " + offset);
            int at = (int) offset;
            BtfTypes.Type type = types.resolve(types.byId(member.type()));
            if (member.name().isEmpty() && type.isComposite()) {
                collect(type, at, depth + 1, into);
            } else {
                int bitField = member.bitFieldSize(composite);
                into.add(new Field(member.name(), at, bitField > 0 ? bitField : bits(types.sizeOf(member.type()))));
            }
            check(into.size() <= BtfTypes.MAX_FIELDS, "BTF struct with too many fields");
        }
    }

    private static int bits(long bytes) {
        check(bytes >= 0 && bytes <= Integer.MAX_VALUE / 8, "BTF size or offset " + bytes);
        return (int) bytes * 8;
    }
}
