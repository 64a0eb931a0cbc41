package io.nodetelemetry.internal.ffm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.FunctionDescriptor;
import org.junit.jupiter.api.Test;

class CPrototypeTest {
    @Test
    void pointersAreAddressesAndIntegersKeepTheirWidth() {
        CPrototype update = CPrototype.parse("int f(int fd, const void *key, __u64 flags, size_t n, bool on)");

        assertThat(update.name()).isEqualTo("f");
        assertThat(update.descriptor())
                .isEqualTo(FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_BOOLEAN));
        assertThat(update.variadicFrom()).isEqualTo(-1);
    }

    @Test
    void starBelongsToTheTypeOfTheResult() {
        assertThat(CPrototype.parse("const char *name(const struct x *y)").descriptor())
                .isEqualTo(FunctionDescriptor.of(ADDRESS, ADDRESS));
        assertThat(CPrototype.parse("const char *name(const struct x *y)").name())
                .isEqualTo("name");
    }

    @Test
    void voidMeansNothing() {
        assertThat(CPrototype.parse("void f(void)").descriptor()).isEqualTo(FunctionDescriptor.ofVoid());
        assertThat(CPrototype.parse("int f()").descriptor()).isEqualTo(FunctionDescriptor.of(JAVA_INT));
    }

    @Test
    void enumsAreIntsAndCallbacksPointers() {
        assertThat(CPrototype.parse("enum kind f(enum kind k, libbpf_print_fn_t fn, va_list ap)")
                        .descriptor())
                .isEqualTo(FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    }

    @Test
    void extraParametersTakeThePlaceOfTheDots() {
        CPrototype call = CPrototype.parse("long syscall(long number, ...)", "int fd, const char *name");

        assertThat(call.descriptor()).isEqualTo(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS));
        assertThat(call.variadicFrom()).isEqualTo(1);
    }

    @Test
    void unknownTypesAndOtherTextAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CPrototype.parse("int f(struct x by_value)"))
                .withMessageContaining("struct x");
        assertThatIllegalArgumentException().isThrownBy(() -> CPrototype.parse("int f(int)"));
        assertThatIllegalArgumentException().isThrownBy(() -> CPrototype.parse("int f(int a,)"));
        assertThatIllegalArgumentException().isThrownBy(() -> CPrototype.parse("int f(int a);"));
        assertThatIllegalArgumentException().isThrownBy(() -> CPrototype.parse("f(int a)"));
        assertThatIllegalArgumentException().isThrownBy(() -> CPrototype.parse(""));
    }
}
