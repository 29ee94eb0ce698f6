using Dapper;
using Kilde.Kernel;
using Kilde.Platform.Databases;

namespace Kilde.Quality.Cases;

/// <summary>The half of a pair that has been recorded.</summary>
/// <param name="Identities">How its identities fared; null when it is the activity.</param>
public sealed record RecordedHalf(IdentityCounts? Identities);

/// <summary>
/// Specialist care sends activity and identities apart (R2.08). Finds what a case belongs together with, so that how
/// they meet is told with the half that comes last (ADR 192).
/// </summary>
public sealed class FindHalf(RegisterDatabase database)
{
    private const string Activity = "NPR_ORD";
    private const string Identities = "NPR_IDE";

    /// <summary>
    /// The other half, when the newest of the unit's year reaches to the same day: what reaches longer or shorter lacks
    /// patients that nothing is wrong with.
    /// </summary>
    public async Task<RecordedHalf?> FindAsync(FeedbackCase subject, CancellationToken cancellation)
    {
        if (OtherOf(subject) is not { } other || subject.Message.To is not { } to) return null;
        var year = DataYear.Of(to);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var newest = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            select period_to, identities_valid as valid, identities_unknown as unknown,
              identities_duplicate as duplicates
            from quality.submission
            where unit = @unit and message_type = @other and outcome = 'in_register'
              and period_to between @from and @last
            order by extracted_on desc nulls last, received_at desc, submission_id desc
            limit 1
            """,
            new { unit = subject.Unit.ToString(), other, from = year.FirstDay, last = year.LastDay },
            cancellationToken: cancellation));
        return newest is null || newest.PeriodTo != to ? null : newest.ToHalf();
    }

    private static string? OtherOf(FeedbackCase subject) => subject switch
    {
        { Outcome: not CaseOutcome.InRegister } => null,
        { Identities: not null } => Activity,
        { Message.Type: Activity } => Identities,
        _ => null,
    };

    private sealed record Row(DateOnly PeriodTo, int? Valid, int? Unknown, int? Duplicates)
    {
        public RecordedHalf ToHalf() => new(
            Valid is { } valid && Unknown is { } unknown ? new IdentityCounts(valid, unknown, Duplicates ?? 0) : null);
    }
}
