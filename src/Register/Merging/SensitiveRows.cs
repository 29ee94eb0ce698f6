using System.Numerics;
using System.Text;
using System.Text.Json;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;

namespace Kilde.Register.Merging;

/// <summary>
/// Divides rows by where they are held: the ordinary tables, or those of a sensitive class (ADR 130). Each place gets
/// as many rows as there are, in the same order: what a row holds there, or that it holds nothing there any more.
/// </summary>
internal sealed class SensitiveRows
{
    private readonly StagedTable _table;
    private readonly string[] _classes;
    private readonly Share[] _shares;
    private readonly bool _isAnyApart;
    private readonly Dictionary<RecordType, TypePart[]> _parts = [];
    private readonly Dictionary<ResolvedBatch, List<Held>> _held = new(ReferenceEqualityComparer.Instance);
    private (ResolvedBatch? Of, List<Held> Held) _last = (null, []);
    private (RecordBatch? Of, TypePart[] Parts) _told = (null, []);

    /// <param name="classes">The classes that the table has tables of; at most 31.</param>
    public SensitiveRows(StagedTable table, string[] classes)
    {
        (_table, _classes) = (table, classes);
        _shares = new Share[table.Rows.Count];
        for (var i = 0; i < _shares.Length; i++)
            if (table.Rows[i] is { Kind: StagedKind.Record } row) _shares[i] = ShareOf(row);
        _isAnyApart = _shares.AsSpan().ContainsAnyExcept(default(Share));
    }

    // Where the record is held, 0 for the ordinary tables, and the other places, as bits, that hold items of it.
    private readonly record struct Share(int Whole, uint Items)
    {
        // The sender compares the record as it was sent: one place tells, the last of those that hold some of it.
        public int Digested => Items == 0 ? Whole : 31 - BitOperations.LeadingZeroCount(Items);
    }

    private sealed record TypePart(int Place, SensitiveCodes[] Rows, int[] Fields);

    private sealed class Held(ResolvedBatch batch, int place, bool isDigested)
    {
        private RowHash? _hash;

        public ResolvedBatch Batch => batch;

        public int Place => place;

        public bool IsWhole => batch.IsWhole;

        public bool IsDigested => isDigested;

        // Most records of a batch have nothing hidden and need none.
        public RowHash Hash => _hash ??= new RowHash(Batch.Batch);
    }

    /// <summary>True when a place holds some of the rows, or items of them.</summary>
    /// <inheritdoc cref="In" path="/param[@name='place']"/>
    public bool HasAnyIn(int place)
    {
        for (var i = 0; i < _shares.Length; i++)
            if (IsHeldIn(place, i)) return true;
        return false;
    }

    /// <summary>
    /// The rows as a place has them, and which of the table's rows each of them is; null when they are the table's own,
    /// as they most often are in the ordinary tables.
    /// </summary>
    /// <param name="place">0 for the ordinary tables, otherwise the number of the class, from 1.</param>
    /// <param name="standing">What stands there: nothing else can end there, but what an earlier row brings.</param>
    public (StagedTable Rows, List<int>? Origins) In(int place, IReadOnlyDictionary<Guid, RowState> standing)
    {
        if (place == 0 && !_isAnyApart) return (_table, null);

        var rows = new StagedTable(_table.Table, _table.Period);
        var origins = new List<int>();
        for (var i = 0; i < _table.Rows.Count; i++)
        {
            var row = _table.Rows[i];
            if (IsHeldIn(place, i))
                AddTo(rows, i, place, _shares[i].Whole == place);
            else if (standing.ContainsKey(row.RecordKey) || rows.Has(row.RecordKey))
                rows.AddEnd(row.RecordKey, row.SubmissionNo, EndOf(row));
            if (rows.Rows.Count > origins.Count) origins.Add(i);
        }

        return (rows, origins);
    }

    private static StagedKind EndOf(StagedRow row) =>
        row.Kind == StagedKind.Record ? StagedKind.Deletion : row.Kind;

    private bool IsHeldIn(int place, int row) => _table.Rows[row].Kind == StagedKind.Record
        && (_shares[row].Whole == place || (_shares[row].Items & (1u << place)) != 0);

    private void AddTo(StagedTable rows, int i, int place, bool isWhole)
    {
        var row = _table.Rows[i];
        var held = HeldBy(row.Batch!, place, isWhole, _shares[i].Digested == place);
        var person = _table.PersonOf(i);

        // A record that is held whole in one place has the hash it came with.
        var hash = isWhole && _shares[i].Items == 0
            ? _table.HashOf(i)
            : held.Hash.Of(row.Row, person.IdentifierKey);
        rows.AddRecord(held.Batch, row.Row, row.RecordKey, person, hash);
    }

    private Share ShareOf(StagedRow row)
    {
        var batch = row.Batch!.Batch;
        var (whole, items) = (0, 0u);
        foreach (var part in ToldPartsOf(batch))
        {
            if (whole == 0 && IsTold(part.Rows, batch, row.Row)) whole = part.Place;
            if (IsAny(part.Fields, batch, row.Row)) items |= 1u << part.Place;
        }

        return new Share(whole, whole == 0 ? items : items & ~(1u << whole));
    }

    // Most batches tell nothing of most classes: what no row has is looked for once.
    private TypePart[] ToldPartsOf(RecordBatch batch)
    {
        if (ReferenceEquals(_told.Of, batch)) return _told.Parts;
        var told =
            from part in PartsOf(batch.Type)
            let rows = part.Rows.Where(codes => !batch.Columns[codes.Column].IsEmpty).ToArray()
            let fields = part.Fields.Where(field => !batch.Columns[field].IsEmpty).ToArray()
            where rows.Length + fields.Length > 0
            select new TypePart(part.Place, rows, fields);
        _told = (batch, [.. told]);
        return _told.Parts;
    }

    private static bool IsTold(SensitiveCodes[] rows, RecordBatch batch, int row)
    {
        foreach (var codes in rows)
            if (Has(batch.Columns[codes.Column], row, codes)) return true;
        return false;
    }

    private static bool IsAny(int[] fields, RecordBatch batch, int row)
    {
        foreach (var field in fields)
            if (!batch.Columns[field].IsNull(row)) return true;
        return false;
    }

    private TypePart[] PartsOf(RecordType type)
    {
        if (_parts.TryGetValue(type, out var known)) return known;
        return _parts[type] =
        [
            .. type.Sensitive.Select(part => new TypePart(
                PlaceOf(part.Class.Id), [.. part.Rows], [.. part.Fields])),
        ];
    }

    private int PlaceOf(string @class) => Array.IndexOf(_classes, @class) is >= 0 and var at
        ? at + 1
        : throw new InvalidOperationException($"{_table.Table} has no tables of {@class}: they are made at start.");

    private Held HeldBy(ResolvedBatch batch, int place, bool isWhole, bool isDigested)
    {
        // The rows of a batch come one after the other, and a batch is held in few ways.
        if (!ReferenceEquals(_last.Of, batch))
        {
            if (!_held.TryGetValue(batch, out var ofBatch)) _held[batch] = ofBatch = [];
            _last = (batch, ofBatch);
        }

        foreach (var known in _last.Held)
        {
            if (known.Place == place && known.IsWhole == isWhole && known.IsDigested == isDigested) return known;
        }

        // What a class holds of a record is its own items; a whole record is all but the items of the other classes.
        var ofOthers = PartsOf(batch.Batch.Type).Where(part => part.Place != place).SelectMany(part => part.Fields);
        var own = PartsOf(batch.Batch.Type).Where(part => part.Place == place).SelectMany(part => part.Fields);
        var (hidden, shown) = (ofOthers.ToHashSet(), own.ToHashSet());
        var columns = batch.Batch.Columns.Select((column, i) =>
            (isWhole ? hidden.Contains(i) : !shown.Contains(i)) ? NothingOf(column) : column);
        var held = new Held(
            batch with
            {
                Batch = batch.Batch with { Columns = [.. columns] },
                IsWhole = isWhole,
                Digested = isDigested ? batch.Batch : null,
            },
            place, isDigested);
        _last.Held.Add(held);
        return held;
    }

    private static Nothing NothingOf(ColumnVector column) => new(column.Kind);

    private sealed class Nothing(ColumnKind kind) : ColumnVector(kind)
    {
        public override bool IsEmpty => true;

        public override bool IsNull(int row) => true;
    }

    private static bool Has(ColumnVector column, int row, SensitiveCodes codes)
    {
        if (column.IsNull(row)) return false;
        return column switch
        {
            ColumnVector<string> { Kind: ColumnKind.Json } json => HasInJson(json[row], codes),
            ColumnVector<string> texts => codes.Properties[""].Contains(texts[row]),
            ColumnVector<string[]> arrays =>
                arrays[row].Any(text => text is not null && codes.Properties[""].Contains(text)),
            _ => throw new ArgumentException($"A column of kind {column.Kind} holds no codes."),
        };
    }

    private static bool HasInJson(string json, SensitiveCodes codes)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        IReadOnlySet<string>? looked = null;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
                looked = codes.Properties.GetValueOrDefault(reader.GetString()!);
            else if (reader.TokenType == JsonTokenType.String && looked?.Contains(reader.GetString()!) == true)
                return true;
        }

        return false;
    }
}
