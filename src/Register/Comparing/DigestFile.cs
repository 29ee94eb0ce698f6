using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kilde.Definitions.Model;

namespace Kilde.Register.Comparing;

/// <summary>
/// A sender's own digests in a file (docs/compare.md): what each of its months adds up to, in the form that
/// <c>POST /compare</c> answers in, and each record where exactly what differs is to be found.
/// </summary>
/// <param name="Record">The list of the message that holds the records; may be left out when there is one.</param>
public sealed record DigestFile(
    string? MessageType, string? MessageVersion, string? Record, IReadOnlyList<DigestFileMonth>? Months)
{
    /// <summary>Beside the digests in the example a sender is given: its own key, in Base64, and its number.</summary>
    public const string KeyName = "key";
    public const string SenderName = "sender";

    /// <summary>Records in a file. More than so are compared some months at a time, or over the API.</summary>
    public const int RecordsMax = 300_000;

    /// <summary>Units and months in a file.</summary>
    public const int MonthsMax = 4096;

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 8,
    };

    /// <summary>The file that says what a sender has.</summary>
    public static DigestFile Of(
        MessageType message, RecordType record, IReadOnlyDictionary<DigestPlace, OwnRecord[]> own) => new(
        message.Name, message.Version, record.WireName,
        [
            .. own.OrderBy(place => place.Key.Unit, StringComparer.Ordinal).ThenBy(place => place.Key.Month)
                .Select(place => MonthOf(record, place.Key, place.Value)),
        ]);

    /// <summary>What the file says of the months.</summary>
    /// <param name="digests">Under the sender's own key.</param>
    /// <exception cref="DigestFileException">It cannot be read.</exception>
    public OwnDigests Read(MessageType message, RecordDigests digests, RecordMonth from, RecordMonth to)
    {
        if (RecordDigests.IsOfYears(message)) from = from.Year;
        var sums = new Dictionary<DigestPlace, DigestSum>();
        var records = new Dictionary<DigestPlace, OwnRecord[]>();
        if (Months is not { Count: > 0 }) throw new DigestFileException(DigestFileFault.NoMonths, "months");
        if (Months.Count > MonthsMax) throw new DigestFileException(DigestFileFault.TooLarge, "months");
        var left = RecordsMax;
        for (var i = 0; i < Months.Count; i++)
        {
            var month = Months[i];
            var where = $"months[{i}]";
            if (month is null || !RecordMonth.TryParse(month.Month ?? "", out var of) || month.Unit is null)
                throw new DigestFileException(DigestFileFault.MonthUnreadable, where);
            var place = new DigestPlace(month.Unit, of);
            left -= month.Records?.Values.Sum(text => 1 + (text.Length / (DigestText.Digits + 1))) ?? 0;
            if (left < 0) throw new DigestFileException(DigestFileFault.TooLarge, where);
            if (of < from || of > to) continue;
            var listed = month.Records is null ? null : ListOf(message, month.Records, digests, where);
            if (!sums.TryAdd(place, listed is null ? SumOf(month, where) : OwnRecord.SumOf(listed)))
                throw new DigestFileException(DigestFileFault.MonthTwice, where);
            if (listed is not null) records[place] = listed;
        }

        if (records.Count > 0 && records.Count < sums.Count)
            throw new DigestFileException(DigestFileFault.SomeWithoutRecords, "months");
        return new OwnDigests(sums, records.Count == sums.Count ? records : null);
    }

    // A patient number is not told.
    private static DigestFileMonth MonthOf(RecordType record, DigestPlace place, OwnRecord[] records)
    {
        var sum = OwnRecord.SumOf(records);
        var byId = records.GroupBy(
            one => record.IsKeyedByPerson ? "" : one.LocalId, one => DigestText.Of(one.Digest.Content),
            StringComparer.Ordinal);
        return new DigestFileMonth(
            place.Unit, place.Month.ToString(), sum.Count, DigestText.Of(sum.Sum),
            byId.ToDictionary(id => id.Key, id => string.Join(' ', id), StringComparer.Ordinal));
    }

    private static OwnRecord[] ListOf(
        MessageType message, IReadOnlyDictionary<string, string> records, RecordDigests digests, string where)
    {
        var (isOfYears, mayRepeat) = (RecordDigests.IsOfYears(message), OwnFiles.AreOf(message));
        var listed = new List<OwnRecord>(records.Count);
        foreach (var (localId, texts) in records)
        {
            foreach (var text in texts.Split(' '))
            {
                if (!DigestText.TryParse(text, out var content) || (!mayRepeat && texts.Length > text.Length))
                    throw new DigestFileException(DigestFileFault.DigestUnreadable, where);
                var id = isOfYears ? content : digests.IdOf(localId);
                listed.Add(new OwnRecord(new RecordDigest(id, content), localId));
            }
        }

        return OwnRecord.Sorted(listed);
    }

    private static DigestSum SumOf(DigestFileMonth month, string where) =>
        month.Count is { } count and >= 0 && DigestText.TryParse(month.Digest, out var sum)
            ? new DigestSum(count, sum)
            : throw new DigestFileException(DigestFileFault.DigestUnreadable, where);
}

/// <summary>One unit and month of a <see cref="DigestFile"/>.</summary>
/// <param name="Month"><c>2026-03</c>; empty for records that tell no time.</param>
/// <param name="Count">Records; may be left out where the records are told.</param>
/// <param name="Digest">Their sum, sixteen hexadecimal digits; may be left out where the records are told.</param>
/// <param name="Records">
/// The content digest of each record by its local id; null when only the sum is told. In a year several patients, and
/// in a chain several notifications, may have records of the same id: then their digests stand beside each other, with
/// a space between.
/// </param>
public sealed record DigestFileMonth(
    string? Unit, string? Month, int? Count = null, string? Digest = null,
    IReadOnlyDictionary<string, string>? Records = null);

/// <summary>What a file said.</summary>
/// <param name="Records">Null when only sums were told: which months differ can be told then, and no more.</param>
public sealed record OwnDigests(
    IReadOnlyDictionary<DigestPlace, DigestSum> Sums, IReadOnlyDictionary<DigestPlace, OwnRecord[]>? Records);

/// <summary>Why a file of digests cannot be used.</summary>
public enum DigestFileFault
{
    /// <summary>It is not JSON of this form.</summary>
    NotRead = 1,

    /// <summary>It tells no month.</summary>
    NoMonths,

    /// <summary>A month is not written as 2026-01, or has no unit.</summary>
    MonthUnreadable,

    /// <summary>The same unit and month stands twice.</summary>
    MonthTwice,

    /// <summary>A digest is not sixteen hexadecimal digits, or it and the records are missing.</summary>
    DigestUnreadable,

    /// <summary>Some months tell their records and others do not.</summary>
    SomeWithoutRecords,

    /// <summary>More than one comparison takes.</summary>
    TooLarge,

    /// <summary>It is of another message than the one compared.</summary>
    OtherFeed,
}

/// <summary>A file of digests cannot be used.</summary>
/// <param name="where">The place in the file: <c>months[3]</c>. Nothing of what stands there.</param>
public sealed class DigestFileException(DigestFileFault fault, string where) : Exception($"{fault} at {where}.")
{
    public DigestFileFault Fault => fault;

    public string Where => where;
}

/// <summary>A digest as text: sixteen hexadecimal digits.</summary>
public static class DigestText
{
    public const int Digits = 16;

    public static string Of(ulong digest) => digest.ToString("x16", CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out ulong digest)
    {
        digest = 0;
        return text is { Length: Digits }
            && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out digest);
    }
}
