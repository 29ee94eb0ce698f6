using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Register.Merging;

/// <summary>One submission, read and merged at the same time, in memory that does not grow with its size.</summary>
/// <param name="Sender">Who sent it. Its rows may name institutions of their own.</param>
/// <param name="ReceivedOn">Stands for the day of extraction when the message does not tell it.</param>
/// <param name="Reading">At its beginning. The caller disposes it.</param>
public sealed record SubmissionReading(
    Guid SubmissionId, OrganizationNumber Sender, DateOnly ReceivedOn, MessageReading Reading)
{
    // Volven 7371.
    private const string Changes = "E";
    private const string Continuous = "K";

    /// <summary>Whether the message holds all of a year. Known when the first rows are read.</summary>
    internal bool IsWhole =>
        Reading.Type.Replacement == Replacement.CumulativePerPeriod
        && Reading.Envelope?.Kind is not (Changes or Continuous);

    /// <summary>The day the data were taken out. Known when the first rows are read.</summary>
    internal DateOnly ExtractedOn => Reading.Envelope?.ExtractedOn ?? ReceivedOn;

    /// <summary>The year the message is about, where the message does not tell it itself.</summary>
    public DataYear? Year { get; init; }

    /// <exception cref="ArgumentException">A whole year does not begin on 1 January (R2.09).</exception>
    internal SubmissionHead Head() => new(
        SubmissionId, Sender, ExtractedOn, Reading.Type,
        Reading.Type.Replacement == Replacement.CumulativePerPeriod || Reading.Type.HasIdentities
            ? Year ?? YearOf(Reading.Envelope)
            : null)
    {
        Share = Reading.Envelope?.Share ?? "",
    };

    /// <summary>True when its period begins on 1 January, or is not told.</summary>
    internal bool BeginsYear => Reading.Envelope?.From is null or { Month: 1, Day: 1 };

    /// <summary>
    /// All rows of a small message. The reporting unit may stand once, behind the records (ipl and hst 56).
    /// </summary>
    internal List<RecordBatch> ReadAll(RecordBatch? first = null)
    {
        var batches = new List<RecordBatch>();
        for (var batch = first ?? Reading.Next(); batch is not null; batch = Reading.Next()) batches.Add(batch);
        if (Reading.Outcome.IsAccepted && Reading.Envelope?.Institution is { Length: > 0 } institution)
        {
            foreach (var institutions in batches.Select(batch => batch.Institutions).OfType<string[]>())
                institutions.AsSpan().Replace("", institution);
        }

        return batches;
    }

    private DataYear YearOf(MessageEnvelope? envelope)
    {
        var first = envelope?.From ?? new DateOnly(ExtractedOn.Year, 1, 1);
        if (IsWhole && first is not { Month: 1, Day: 1 })
            throw new ArgumentException("A message of a whole year begins on 1 January.", nameof(envelope));
        return DataYear.Of(first);
    }
}
