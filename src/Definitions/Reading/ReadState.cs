using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kilde.Definitions.Model;
using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>
/// Where values land while an object is read: the row of a record, or the one row of a unit or list element.
/// </summary>
internal class CellScope(ColumnBuilder[] columns)
{
    public ColumnBuilder[] Columns { get; } = columns;

    public int Row { get; set; }

    public void ClearRow()
    {
        foreach (var column in Columns) column.Clear(Row);
    }
}

/// <summary>A code whose validity can only be told when the day of the event is known.</summary>
internal readonly record struct DatedCode(CodePlan Plan, int Code, string Pointer);

/// <summary>
/// All that is remembered while one message is read. Kept and used again by the reader; nothing of a message is left in
/// it but the sender's names of its units.
/// </summary>
internal sealed class ReadState
{
    private const int ScratchBytes = 4096;

    private readonly int[] _seen;
    private int _stamp;

    public ReadState(MessagePlan plan)
    {
        Type = plan.Type;
        _seen = new int[plan.FieldCount];
        Scopes = [.. plan.Scopes.Select(make => make())];
        JsonWriter = new Utf8JsonWriter(JsonBytes, new JsonWriterOptions
        {
            SkipValidation = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }

    public MessageType Type { get; }

    public FindingLog Findings { get; } = new();

    public StringCache Strings { get; } = new();

    public CellScope[] Scopes { get; }

    public PersonCells Person { get; } = new();

    public List<DatedCode> DatedCodes { get; } = [];

    public byte[] Scratch { get; } = new byte[ScratchBytes];

    public ArrayBufferWriter<byte> JsonBytes { get; } = new(1024);

    public Utf8JsonWriter JsonWriter { get; }

    public ReadOptions Options { get; private set; } = null!;

    public int RecordCount { get; set; }

    public int DroppedCount { get; set; }

    /// <summary>Set when an element of a list is to be left out.</summary>
    public bool IsElementDropped { get; set; }

    public void Begin(ReadOptions options)
    {
        Options = options;
        Findings.Clear();
        DatedCodes.Clear();
        Person.Clear();
        RecordCount = 0;
        DroppedCount = 0;
        foreach (var scope in Scopes)
        {
            if (scope is RecordScope records) records.Reset();
            else scope.ClearRow();
        }
    }

    /// <summary>A number for the object being read; a field that carries it has been seen in this object.</summary>
    public int NextStamp()
    {
        if (_stamp == int.MaxValue)
        {
            Array.Clear(_seen);
            _stamp = 0;
        }

        return ++_stamp;
    }

    public bool IsSeen(FieldPlan field, int stamp) => _seen[field.Ordinal] == stamp;

    public void SetSeen(FieldPlan field, int stamp) => _seen[field.Ordinal] = stamp;
}

/// <summary>The identifiers of the person block being read.</summary>
internal sealed class PersonCells
{
    // Strongest first: fødselsnummer, D-number, DUF, shared help number, help number.
    private static readonly PersonIdentifierKind[] Strength =
    [
        PersonIdentifierKind.NationalIdentityNumber, PersonIdentifierKind.DNumber, PersonIdentifierKind.DufNumber,
        PersonIdentifierKind.SharedHelpNumber, PersonIdentifierKind.HNumber,
    ];

    private readonly PersonIdentifier[] _identifiers = new PersonIdentifier[8];
    private int _count;

    public string? LocalId { get; set; }

    public void Add(PersonIdentifier identifier)
    {
        if (_count < _identifiers.Length && !_identifiers.AsSpan(0, _count).Contains(identifier))
        {
            _identifiers[_count++] = identifier;
        }
    }

    public RowPerson ToPerson()
    {
        if (_count == 0) return new RowPerson(default, null, LocalId);
        if (_count == 1) return new RowPerson(_identifiers[0], null, LocalId);
        var ordered = _identifiers.Take(_count).OrderBy(one => Array.IndexOf(Strength, one.Kind)).ToArray();
        return new RowPerson(ordered[0], ordered[1..], LocalId);
    }

    public void Clear()
    {
        Array.Clear(_identifiers);
        _count = 0;
        LocalId = null;
    }
}
