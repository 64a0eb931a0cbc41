package io.nodetelemetry.internal.export;

import io.nodetelemetry.collector.MetricFamily;
import io.nodetelemetry.collector.MetricTable;
import io.nodetelemetry.internal.metrics.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One family of a snapshot: a column of one of its tables. */
record FamilyColumn(MetricFamily family, String prometheusName, MetricTable table, int column) {
    /** All families that have at least one series, sorted by Prometheus name. */
    static List<FamilyColumn> of(Snapshot snapshot) {
        List<FamilyColumn> columns = new ArrayList<>();
        for (MetricTable table : snapshot.tables()) {
            List<MetricFamily> families = table.families();
            for (int i = 0; i < families.size(); i++) {
                FamilyColumn column =
                        new FamilyColumn(families.get(i), families.get(i).prometheusName(), table, i);
                if (column.nextRow(0) < table.size()) {
                    columns.add(column);
                }
            }
        }
        columns.sort(Comparator.comparing(FamilyColumn::prometheusName));
        return columns;
    }

    /** The first row at or after that one which has a value, or the table's size. */
    int nextRow(int from) {
        int row = from;
        while (row < table.size() && !table.isPresent(column, row)) {
            row++;
        }
        return row;
    }
}
