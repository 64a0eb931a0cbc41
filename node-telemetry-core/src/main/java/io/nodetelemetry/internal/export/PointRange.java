package io.nodetelemetry.internal.export;

import io.nodetelemetry.collector.MetricFamily.ValueType;
import io.nodetelemetry.collector.MetricKind;
import io.nodetelemetry.internal.metrics.Snapshot;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.DoublePointData;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Instant;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;

/**
 * Rows of one family as the SDK's metric data. A view: points are made while they are walked, so the data costs nothing
 * but its snapshot. Immutable.
 */
final class PointRange implements MetricData {
    static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("io.nodetelemetry");

    private final Resource resource;
    private final FamilyColumn column;
    private final LabelSchema schema;
    private final long startNanos;
    private final long nanos;
    private final int from;
    private final int to;
    private final int size;

    private PointRange(
            Resource resource, FamilyColumn column, LabelSchema schema, Snapshot snapshot, int from, int to, int size) {
        this.resource = resource;
        this.column = column;
        this.schema = schema;
        startNanos = epochNanos(snapshot.started());
        nanos = epochNanos(snapshot.taken());
        this.from = from;
        this.to = to;
        this.size = size;
    }

    /** At most so many points, from that row on. */
    static PointRange of(
            Resource resource, FamilyColumn column, LabelSchema schema, Snapshot snapshot, int fromRow, int most) {
        int rows = column.table().size();
        int size = 0;
        int from = column.nextRow(fromRow);
        int to = from;
        while (to < rows && size < most) {
            size++;
            to = column.nextRow(to + 1);
        }
        return new PointRange(resource, column, schema, snapshot, from, to, size);
    }

    /** How many points there are. */
    int size() {
        return size;
    }

    /** The first row that is left for the next range; the table's size if none is. */
    int nextRow() {
        return to;
    }

    @Override
    public Resource getResource() {
        return resource;
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return SCOPE;
    }

    @Override
    public String getName() {
        return column.family().name();
    }

    @Override
    public String getDescription() {
        return column.family().description();
    }

    @Override
    public String getUnit() {
        return column.family().unit();
    }

    @Override
    public MetricDataType getType() {
        boolean whole = column.family().type() == ValueType.LONG;
        return switch (column.family().kind()) {
            case COUNTER -> whole ? MetricDataType.LONG_SUM : MetricDataType.DOUBLE_SUM;
            case GAUGE -> whole ? MetricDataType.LONG_GAUGE : MetricDataType.DOUBLE_GAUGE;
        };
    }

    @Override
    public Data<?> getData() {
        boolean counter = column.family().kind() == MetricKind.COUNTER;
        if (column.family().type() == ValueType.LONG) {
            Collection<LongPointData> points = new Points<>(this::longPoint);
            return counter
                    ? SumData.createLongSumData(true, AggregationTemporality.CUMULATIVE, points)
                    : GaugeData.createLongGaugeData(points);
        }
        Collection<DoublePointData> points = new Points<>(this::doublePoint);
        return counter
                ? SumData.createDoubleSumData(true, AggregationTemporality.CUMULATIVE, points)
                : GaugeData.createDoubleGaugeData(points);
    }

    private LongPointData longPoint(int row) {
        return LongPointData.create(
                startNanos, nanos, attributes(row), column.table().longValue(column.column(), row));
    }

    private DoublePointData doublePoint(int row) {
        return DoublePointData.create(
                startNanos, nanos, attributes(row), column.table().doubleValue(column.column(), row), List.of());
    }

    private Attributes attributes(int row) {
        return schema.attributes(column.table().labels(row));
    }

    private static long epochNanos(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
    }

    private final class Points<T> extends AbstractCollection<T> {
        private final IntFunction<T> point;

        Points(IntFunction<T> point) {
            this.point = point;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public Iterator<T> iterator() {
            return new Iterator<>() {
                private int row = from;

                @Override
                public boolean hasNext() {
                    return row < to;
                }

                @Override
                public T next() {
                    if (row >= to) {
                        throw new NoSuchElementException();
                    }
                    T next = point.apply(row);
                    row = column.nextRow(row + 1);
                    return next;
                }
            };
        }
    }
}
