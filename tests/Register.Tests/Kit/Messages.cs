using System.Collections;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Register.Merging;

namespace Kilde.Register.Tests.Kit;

/// <summary>A record as a test says it: local id, person, and one value.</summary>
internal sealed record Entry(string LocalId, RowPerson Person, long? Value, string? Note = null);

/// <summary>Messages made by hand, of a small type with one column of each kind.</summary>
internal static class Messages
{
    public static OrganizationNumber Sender { get; } = OrganizationNumber.Parse("974760673");

    public static string SenderText { get; } = Sender.ToString();

    public static OrganizationNumber OtherSender { get; } = OrganizationNumber.Parse("889640782");

    public static DateTimeOffset Started { get; } = new(2026, 2, 3, 9, 30, 0, TimeSpan.Zero);

    public static RecordType Visit { get; } = new()
    {
        Table = "prove_besok",
        Titles = new("Besøk"),
        WireName = "besok",
        Key = Item("besokId", InformationType.C),
        Event = Item("startet", InformationType.C),
        Fields = [],
        Columns =
        [
            Column("verdi", ColumnKind.Integer, "/verdi", InformationType.D, "Verdi"),
            Column("merknad", ColumnKind.Text, "/merknad", InformationType.C, "Merknad med 'tegn'"),
            Column("startet", ColumnKind.Instant, "/startet", InformationType.C, "Når besøket begynte"),
            Column("dag", ColumnKind.Date, "/dag", InformationType.C, "Dag"),
            Column("mengde", ColumnKind.Decimal, "/mengde", InformationType.D, "Mengde"),
            Column("ja", ColumnKind.Boolean, "/ja", InformationType.D, "Ja eller nei"),
            Column("koder", ColumnKind.TextArray, "/koder", InformationType.D, "Koder"),
            Column("tall", ColumnKind.IntegerArray, "/tall", InformationType.D, "Tall"),
            Column("barn", ColumnKind.Json, "/barn", InformationType.D, "Underposter"),
        ],
        Contact = new ContactMapping(
            new("startet", null), null, new("unit", null), new(null, "HST"), null, null, null),
    };

    public static MessageType VisitMessage { get; } = TypeOf("Prove_Besok", "1", Visit);

    /// <summary>The same records in messages that hold a whole year.</summary>
    public static MessageType YearMessage { get; } =
        TypeOf("Prove_Ar", "1", Replacement.CumulativePerPeriod, Visit);

    public static MessageType TypeOf(string name, string version, params RecordType[] records) =>
        TypeOf(name, version, Replacement.Incremental, records);

    public static MessageType TypeOf(
        string name, string version, Replacement replacement, params RecordType[] records) => new()
    {
        Name = name,
        Version = version,
        Titles = new LocalizedText(name),
        Description = name,
        Register = RegisterCode.Kpr,
        ServiceArea = "HST",
        Status = DefinitionStatus.Test,
        Channel = "slash",
        Format = WireFormat.Json,
        Replacement = replacement,
        FirstDataYear = 2025,
        UnitFields = [],
        RecordTypes = records,
    };

    // The register asks only for the columns; the fields behind them are as plain as can be.
    private static RecordColumn Column(
        string name, ColumnKind kind, string path, InformationType letter, string title) =>
        new(name, kind, path, letter, new LocalizedText(title)) { Field = Item(name, letter) };

    private static Field Item(string name, InformationType letter) => new()
    {
        WireName = name,
        Path = "/" + name,
        Type = FieldType.Text,
        Titles = new LocalizedText(name),
        InformationType = letter,
        Column = name,
        OnFault = new FaultActions(
            FaultAction.RejectMessage, FaultAction.RejectMessage, FaultAction.SetNull, FaultAction.SetNull),
        Example = "A1",
    };

    public static SubmissionContent Submission(
        IReadOnlyList<Entry> entries, IReadOnlyList<string>? deleted = null, OrganizationNumber? sender = null) =>
        new(Guid.CreateVersion7(), sender ?? Sender, new DateOnly(2026, 3, 1),
            new MessageContent(VisitMessage, IsAccepted: true, [], [Batch(entries, deleted ?? [])]));

    public static SubmissionContent Year(
        int year, DateOnly extractedOn, IReadOnlyList<Entry> entries, IReadOnlyList<string>? deleted = null,
        OrganizationNumber? sender = null) =>
        new(Guid.CreateVersion7(), sender ?? Sender, extractedOn,
            new MessageContent(YearMessage, IsAccepted: true, [], [Batch(entries, deleted ?? [])]))
        {
            Year = DataYear.Parse($"{year}"),
        };

    public static Guid KeyOf(string localId, OrganizationNumber? sender = null, int? year = null) =>
        RecordKey.Of(
            RegisterCode.Kpr, Visit.Table, $"{sender ?? Sender}", localId,
            year is null ? null : DataYear.Parse($"{year}"));

    public static RecordBatch Batch(IReadOnlyList<Entry> entries, IReadOnlyList<string> deleted) => new(
        Visit,
        entries.Count,
        [.. entries.Select(_ => Sender)],
        [.. entries.Select(entry => entry.LocalId)],
        [.. entries.Select(entry => entry.Person)],
        [
            Vector<long>(ColumnKind.Integer, entries, entry => entry.Value is null ? null : entry.Value.Value),
            Vector<string>(ColumnKind.Text, entries, entry => entry.Note),
            Vector<DateTimeOffset>(ColumnKind.Instant, entries, _ => Started),
            Vector<DateOnly>(ColumnKind.Date, entries, _ => new DateOnly(2026, 2, 3)),
            Vector<decimal>(ColumnKind.Decimal, entries, entry => entry.Value is { } value ? value / 10m : null),
            Vector<bool>(ColumnKind.Boolean, entries, entry => entry.Value is { } value ? value % 2 == 0 : null),
            Vector<string[]>(ColumnKind.TextArray, entries, _ => new[] { "A01", "B02" }),
            Vector<long[]>(ColumnKind.IntegerArray, entries, entry => entry.Value is { } v ? new[] { v, 7L } : null),
            Vector<string>(ColumnKind.Json, entries, entry => entry.Note is null ? null : """[{"a":1}]"""),
        ],
        deleted);

    private static ColumnVector<T> Vector<T>(ColumnKind kind, IReadOnlyList<Entry> entries, Func<Entry, object?> value)
    {
        var values = entries.Select(value).ToArray();
        return new ColumnVector<T>(
            kind,
            [.. values.Select(item => item is null ? default! : (T)item)],
            new BitArray([.. values.Select(item => item is null)]));
    }
}
