using System.Collections;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Npgsql;

namespace Kilde.Register.Comparing;

/// <summary>Rows of a record table as the reader of messages gave them, some at a time.</summary>
/// <param name="firstColumn">Where in the query the columns of the type begin, in its order.</param>
internal sealed class StoredRows(RecordType type, int rowsMax, int firstColumn)
{
    private readonly Cells[] _columns = [.. type.Columns.Select(column => Cells.Of(column.Kind, rowsMax))];
    private readonly string[] _localIds = new string[rowsMax];

    public int Count { get; private set; }

    public bool IsFull => Count == rowsMax;

    public void Add(NpgsqlDataReader row, string localId)
    {
        _localIds[Count] = localId;
        for (var i = 0; i < _columns.Length; i++) _columns[i].Read(row, firstColumn + i, Count);
        Count++;
    }

    /// <summary>What was added; good until the next row is.</summary>
    public RecordBatch Take()
    {
        var batch = new RecordBatch(
            type, Count, [], _localIds, [], [.. _columns.Select(column => column.Vector)], []);
        Count = 0;
        return batch;
    }

    private abstract class Cells
    {
        public abstract ColumnVector Vector { get; }

        public abstract void Read(NpgsqlDataReader row, int column, int at);

        public static Cells Of(ColumnKind kind, int rows) => kind switch
        {
            ColumnKind.Integer => new Cells<long>(kind, rows),
            ColumnKind.Decimal => new Cells<decimal>(kind, rows),
            ColumnKind.Boolean => new Cells<bool>(kind, rows),
            ColumnKind.Date => new Cells<DateOnly>(kind, rows),
            ColumnKind.Instant => new Cells<DateTimeOffset>(kind, rows),
            ColumnKind.TextArray => new Cells<string[]>(kind, rows),
            ColumnKind.IntegerArray => new Cells<long[]>(kind, rows),
            _ => new Cells<string>(kind, rows),
        };
    }

    private sealed class Cells<T>(ColumnKind kind, int rows) : Cells
    {
        private readonly T[] _values = new T[rows];
        private readonly BitArray _nulls = new(rows);

        public override ColumnVector Vector => new ColumnVector<T>(kind, _values, _nulls);

        public override void Read(NpgsqlDataReader row, int column, int at)
        {
            _nulls[at] = row.IsDBNull(column);
            if (!_nulls[at]) _values[at] = row.GetFieldValue<T>(column);
        }
    }
}
