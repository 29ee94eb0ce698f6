using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Register.Merging;

/// <summary>One accepted submission, ready to become records.</summary>
/// <param name="Sender">The reporting unit the token spoke for. Local ids are unique within it.</param>
public sealed record SubmissionContent(
    Guid SubmissionId, OrganizationNumber Sender, DateOnly ExtractedOn, MessageContent Content)
{
    /// <summary>
    /// For a type that replaces periods, the year the message is about. When nothing else is told it is that of its
    /// newest record, and of the extraction when it holds none.
    /// </summary>
    public DataYear? Year { get; init; } = YearOf(ExtractedOn, Content);

    /// <summary>The share of each reporting unit that the message is about; empty for none.</summary>
    public string Share { get; init; } = "";

    /// <summary>False for changes within a period: what they do not name stays.</summary>
    public bool IsWhole { get; init; } = Content.Type.Replacement == Replacement.CumulativePerPeriod;

    // At New Year Norway is an hour ahead of UTC.
    private static readonly TimeSpan NewYearOffset = TimeSpan.FromHours(1);

    private static DataYear? YearOf(DateOnly extractedOn, MessageContent content)
    {
        if (content.Type.Replacement != Replacement.CumulativePerPeriod) return null;
        var newest = content.Batches.Select(NewestYear).Max();
        return DataYear.TryFrom(newest ?? 0, out var year) ? year : DataYear.Of(extractedOn);
    }

    private static int? NewestYear(RecordBatch batch)
    {
        var place = batch.Type.Columns.ToList().FindIndex(column => column.Field == batch.Type.Event);
        if (place < 0) return null;
        var vector = batch.Columns[place];
        return Enumerable.Range(0, batch.Count).Where(row => !vector.IsNull(row)).Max(row => vector switch
        {
            ColumnVector<DateOnly> days => days[row].Year,
            ColumnVector<DateTimeOffset> instants => instants[row].ToOffset(NewYearOffset).Year,
            _ => (int?)null,
        });
    }
}
