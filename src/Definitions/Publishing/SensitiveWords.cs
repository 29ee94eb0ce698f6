using Kilde.Definitions.Model;

namespace Kilde.Definitions.Publishing;

/// <summary>What of a record is held apart, in bokmål, a sentence for each class.</summary>
public static class SensitiveWords
{
    public static IReadOnlyList<string> Of(RecordType record) =>
    [
        .. record.Sensitive.Select(part =>
            $"{part.Class.Titles.Nb} holdes for seg: {string.Join(", og ", Parts(record, part))}."),
    ];

    private static IEnumerable<string> Parts(RecordType record, SensitivePart part)
    {
        if (part.Rows.Count > 0)
        {
            yield return "hele posten når " + string.Join(" eller ", part.Rows.Select(rows =>
                $"{record.Columns[rows.Column].Name} har {Codes(rows)}"));
        }

        if (part.Fields.Count > 0)
            yield return "alltid " + string.Join(" og ", part.Fields.Select(field => record.Columns[field].Name));
    }

    private static string Codes(SensitiveCodes rows) => string.Join(
        ", ", rows.Properties.Values.SelectMany(codes => codes).Distinct().Order(StringComparer.Ordinal));
}
