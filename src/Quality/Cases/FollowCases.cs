using Dapper;
using Kilde.Platform.Databases;
using Microsoft.Extensions.Options;

namespace Kilde.Quality.Cases;

/// <summary>
/// Reads what has ended from each source and records it. The position moves after the cases are recorded: after a
/// crash some come again, and recording them again does nothing.
/// </summary>
public sealed class FollowCases(
    RegisterDatabase database, IEnumerable<ICaseSource> sources, RecordCase record, IOptions<QualityOptions> options)
{
    /// <summary>One batch of each source. True when there is more to read at once.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var hasMore = false;
        foreach (var source in sources) hasMore |= await StepAsync(source, cancellation);
        return hasMore;
    }

    private async Task<bool> StepAsync(ICaseSource source, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var position = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(
            "select position from quality.follower where name = @Name", new { source.Name },
            cancellationToken: cancellation));
        var batch = await source.ReadAsync(position, options.Value.CaseBatchMax, cancellation);
        var answered = batch.Cases.Where(each => !each.GetsReports).ToList();
        if (answered.Count > 0) await record.RecordAnsweredAsync(answered, cancellation);
        foreach (var each in batch.Cases.Where(each => each.GetsReports)) await record.RecordAsync(each, cancellation);
        if (batch.Position is null || batch.Position == position) return batch.HasMore;

        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into quality.follower (name, position) values (@Name, @Position)
            on conflict (name) do update set position = excluded.position
            """,
            new { source.Name, batch.Position },
            cancellationToken: cancellation));
        return batch.HasMore;
    }
}
