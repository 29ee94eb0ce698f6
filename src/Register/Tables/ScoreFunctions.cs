using System.Globalization;
using Dapper;
using Kilde.Definitions.Model;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>
/// A function <c>register.ID(items bigint[], scores bigint[])</c> for each score that is defined, so that checks and
/// figures work it out alike. Remade at every start, as it is defined.
/// </summary>
public static class ScoreFunctions
{
    public static async Task ReplaceAsync(
        IReadOnlyList<Score> scores, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        foreach (var score in scores)
        {
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                Statement(score), transaction: transaction, cancellationToken: cancellation));
        }
    }

    private static string Statement(Score score)
    {
        var name = SqlName.Parse(score.Id);
        var items = score.Groups.SelectMany((group, place) =>
            group.Items.Select(item => $"({long.Parse(item, CultureInfo.InvariantCulture)}, {place})"));
        var levels = string.Concat(score.Levels.Select(level => level.UpTo is { } end
            ? string.Create(CultureInfo.InvariantCulture, $" when avg(mean) <= {end} then '{level.Gives}'")
            : $" else '{level.Gives}'"));
        return $"""
            create or replace function register.{name}(items bigint[], scores bigint[]) returns text
            language sql immutable parallel safe return (
              select case when coalesce(sum(scored), 0) < {score.AtLeast} then '{score.Otherwise}'{levels} end
              from (
                select avg(score) as mean, count(*) as scored
                from unnest(items, scores) as told (item, score)
                join (values {string.Join(", ", items)}) as grouped (item, place) using (item)
                where score between {score.Min} and {score.Max}
                group by place
              ) as by_group
            );
            comment on function register.{name}(bigint[], bigint[]) is
              '{score.Title.Replace("'", "''", StringComparison.Ordinal)}. One score of each item.';
            """;
    }
}
