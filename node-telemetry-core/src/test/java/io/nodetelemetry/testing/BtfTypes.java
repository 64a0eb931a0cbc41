package io.nodetelemetry.testing;

import static io.nodetelemetry.testing.BtfElf.check;
import static io.nodetelemetry.testing.BtfElf.slice;
import static io.nodetelemetry.testing.BtfElf.string;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The type table of a BTF blob: header, type records, string table (Documentation/bpf/btf.rst, "BTF Type and String
 * Encoding").
 */
final class BtfTypes {
    static final int INT = 1;
    static final int PTR = 2;
    static final int ARRAY = 3;
    static final int STRUCT = 4;
    static final int UNION = 5;
    static final int ENUM = 6;
    static final int TYPEDEF = 8;
    static final int VOLATILE = 9;
    static final int CONST = 10;
    static final int RESTRICT = 11;
    static final int FUNC_PROTO = 13;
    static final int VAR = 14;
    static final int DATASEC = 15;
    static final int FLOAT = 16;
    static final int DECL_TAG = 17;
    static final int TYPE_TAG = 18;
    static final int ENUM64 = 19;

    /** Chains of typedefs and nested types longer than this are taken for a cycle. */
    static final int MAX_DEPTH = 32;

    static final int MAX_FIELDS = 100_000;

    private static final int MAGIC = 0xeb9f;
    private static final int HEADER_BYTES = 24;
    private static final int POINTER_BYTES = 8;

    /** A struct member, an enumerator, or anything else that follows a type record. */
    record Member(String name, int type, int offset) {
        int bitOffset(Type owner) {
            return owner.kindFlag() ? offset & 0xffffff : offset;
        }

        int bitFieldSize(Type owner) {
            return owner.kindFlag() ? offset >>> 24 : 0;
        }
    }

    record Type(String name, int kind, boolean kindFlag, int sizeOrType, List<Member> members) {
        boolean isComposite() {
            return kind == STRUCT || kind == UNION;
        }
    }

    private static final Type VOID = new Type("void", 0, false, 0, List.of());

    private final List<Type> types;

    private BtfTypes(List<Type> types) {
        this.types = types;
    }

    static BtfTypes parse(ByteBuffer btf) {
        check(btf.limit() >= HEADER_BYTES, "BTF header: " + btf.limit() + " bytes");
        check(Short.toUnsignedInt(btf.getShort(0)) == MAGIC, "BTF header: wrong magic");
        check(btf.get(2) == 1, "BTF version " + btf.get(2));
        long headerSize = Integer.toUnsignedLong(btf.getInt(4));
        ByteBuffer records = part(btf, headerSize, 8, "BTF types");
        ByteBuffer strings = part(btf, headerSize, 16, "BTF strings");
        List<Type> types = new ArrayList<>();
        types.add(VOID);
        while (records.hasRemaining()) {
            types.add(readType(records, strings));
        }
        return new BtfTypes(List.copyOf(types));
    }

    private static ByteBuffer part(ByteBuffer btf, long headerSize, int at, String what) {
        long offset = headerSize + Integer.toUnsignedLong(btf.getInt(at));
        return slice(btf, offset, Integer.toUnsignedLong(btf.getInt(at + 4)), what);
    }

    private static Type readType(ByteBuffer records, ByteBuffer strings) {
        check(records.remaining() >= 12, "BTF type record is cut off");
        String name = string(strings, Integer.toUnsignedLong(records.getInt()), "BTF name");
        int info = records.getInt();
        int sizeOrType = records.getInt();
        int kind = info >>> 24 & 0x1f;
        int count = info & 0xffff;
        int memberBytes = memberBytes(kind);
        int trailer = trailerBytes(kind);
        check(records.remaining() >= trailer + (long) count * memberBytes, "BTF members of '" + name + "' are cut off");
        List<Member> members = new ArrayList<>();
        if (kind == ARRAY) {
            int element = records.getInt();
            records.getInt();
            members.add(new Member("", element, records.getInt()));
        } else {
            records.position(records.position() + trailer);
            for (int i = 0; memberBytes > 0 && i < count; i++) {
                members.add(readMember(records, strings, kind));
            }
        }
        return new Type(name, kind, info < 0, sizeOrType, List.copyOf(members));
    }

    private static Member readMember(ByteBuffer records, ByteBuffer strings, int kind) {
        int first = records.getInt();
        int second = records.getInt();
        // DATASEC entries have no name: type, offset, size.
        String name = kind == DATASEC ? "" : string(strings, Integer.toUnsignedLong(first), "BTF member name");
        return new Member(name, second, memberBytes(kind) == 12 ? records.getInt() : 0);
    }

    private static int memberBytes(int kind) {
        return switch (kind) {
            case STRUCT, UNION, DATASEC, ENUM64 -> 12;
            case ENUM, FUNC_PROTO -> 8;
            default -> 0;
        };
    }

    private static int trailerBytes(int kind) {
        check(kind >= INT && kind <= ENUM64, "BTF kind " + kind + " is unknown");
        return switch (kind) {
            case ARRAY -> 12;
            case INT, VAR, DECL_TAG -> 4;
            default -> 0;
        };
    }

    Type byId(int id) {
        check(id >= 0 && id < types.size(), "BTF type id " + id);
        return types.get(id);
    }

    /** The first type of that name and one of the kinds. */
    Optional<Type> named(String name, int... kinds) {
        for (int kind : kinds) {
            for (Type type : types) {
                if (type.kind() == kind && type.name().equals(name)) {
                    return Optional.of(type);
                }
            }
        }
        return Optional.empty();
    }

    OptionalLong enumerator(String name) {
        for (Type type : types) {
            if (type.kind() == ENUM || type.kind() == ENUM64) {
                for (Member member : type.members()) {
                    if (member.name().equals(name)) {
                        return OptionalLong.of(enumeratorValue(type, member));
                    }
                }
            }
        }
        return OptionalLong.empty();
    }

    private static long enumeratorValue(Type type, Member member) {
        if (type.kind() == ENUM64) {
            return Integer.toUnsignedLong(member.type()) | (long) member.offset() << 32;
        }
        // The kind flag of an enum says "signed"; clang 14 and older never set it, so a set top bit means negative.
        return member.type();
    }

    /** Follows typedefs and qualifiers to the type itself. */
    Type resolve(Type type) {
        Type current = type;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            switch (current.kind()) {
                case TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG -> current = byId(current.sizeOrType());
                default -> {
                    return current;
                }
            }
        }
        throw new BtfFormatException("BTF typedef chain of '" + type.name() + "' does not end");
    }

    /** Size in bytes of a value of that type. */
    long sizeOf(int id) {
        long elements = 1;
        int current = id;
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            Type type = resolve(byId(current));
            switch (type.kind()) {
                case INT, STRUCT, UNION, ENUM, ENUM64, FLOAT -> {
                    return elements * Integer.toUnsignedLong(type.sizeOrType());
                }
                case PTR -> {
                    return elements * POINTER_BYTES;
                }
                case ARRAY -> {
                    Member shape = type.members().getFirst();
                    elements *= Integer.toUnsignedLong(shape.offset());
                    check(elements <= Integer.MAX_VALUE, "BTF array of " + elements + " elements");
                    current = shape.type();
                }
                default -> throw new BtfFormatException("BTF kind " + type.kind() + " has no size");
            }
        }
        throw new BtfFormatException("BTF arrays nested too deeply");
    }
}
