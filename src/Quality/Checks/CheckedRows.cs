using System.Text.Json.Nodes;
using Dapper;
using Kilde.Definitions.Checks;
using Kilde.Register.Reading;
using Npgsql;

namespace Kilde.Quality.Checks;

/// <summary>How much of the register a run looks at.</summary>
internal enum CheckedPart
{
    All = 1,

    /// <summary>What may be otherwise since persons and units' years were touched.</summary>
    Touched,

    /// <summary>The data years of <c>touched_unit</c>, of every unit.</summary>
    Years,
}

/// <summary>
/// The rows that a run reads, once for all its checks, in temporary tables with indexes and statistics: over a view the
/// planner has to guess, and a wrong guess makes a nested loop of what should be a join. A unit's year lies together,
/// for pages of temporary tables come one by one from outside of the server's memory.
/// </summary>
/// <param name="of">Which part of the register is looked at.</param>
/// <param name="readList">Gives the rows of a list, as JSON objects with the columns of the view.</param>
/// <param name="yearsBack">The most of any check in the run.</param>
internal sealed class CheckedRows(
    NpgsqlTransaction transaction, CheckedPart of, Func<RecordList, CancellationToken, Task<JsonArray>> readList,
    int yearsBack = 0)
{
    // Of the little that was touched, statistics of every column in full cost more than the checks.
    private const string SmallSample = "set local default_statistics_target = 10;";

    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);

    /// <summary>The results that may be others now.</summary>
    public string Among(Check check) => (of, check.Scope) switch
    {
        (CheckedPart.All, _) => "true",
        (CheckedPart.Years, _) => CheckStatements.OfTouchedYears(yearsBack: 0),
        (_, CheckScope.Person) => CheckStatements.OfTouchedPersons,
        (_, CheckScope.Year) => CheckStatements.OfTouchedYears(check.YearsBack),
        _ => CheckStatements.OfTouchedUnits(check.YearsBack),
    };

    /// <summary>Queries that give the rows of the views a check reads.</summary>
    public async Task<IReadOnlyDictionary<RecordView, string>> KeepAsync(Check check, CancellationToken cancellation)
    {
        var (name, rowsOf) = (of, check.Scope) switch
        {
            // What is found of a person in one year may come of any other.
            (CheckedPart.All, _) or (CheckedPart.Years, CheckScope.Person) => ("all", _ => "true"),
            (CheckedPart.Touched, CheckScope.Person) => ("persons", _ => CheckStatements.RowsOfTouchedPersons),
            (CheckedPart.Years, _) or (_, CheckScope.Year) => ("all_years", CheckStatements.RowsOfTouchedYears),
            _ => ("years", (Func<int, string>)CheckStatements.RowsOfTouchedUnits),
        };
        var kept = await KeepAsync(check.Reads, name, rowsOf(yearsBack), cancellation);
        return rowsOf(check.YearsBack) is var own && own == rowsOf(yearsBack)
            ? kept
            : kept.ToDictionary(view => view.Key, view => $"select * from ({view.Value}) as kept where {own}");
    }

    /// <param name="name">Tells the rows from others of the same view.</param>
    /// <param name="rows">Condition on the view's columns.</param>
    public async Task<IReadOnlyDictionary<RecordView, string>> KeepAsync(
        IReadOnlyList<RecordView> views, string name, string rows, CancellationToken cancellation)
    {
        var queries = new Dictionary<RecordView, string>();
        foreach (var view in views)
        {
            // What counts is some of what is told: both are read from one table.
            var whole = view.CountedOf ?? view;
            var table = $"checked_{name}_{whole.Name}";
            queries[view] = $"select * from pg_temp.{table}"
                + (view.CountedOf is null ? "" : $" where {RecordView.CountsColumn}");
            if (!_kept.Add(table)) continue;
            if (view.List is { } list) await KeepListAsync(view, await readList(list, cancellation), cancellation);
            await ExecuteAsync(
                $"""
                create temporary table {table} on commit drop as
                select * from {(view.List is null ? RecordViewSql.Of(whole) : ListOf(view))} where {rows}
                order by sender, data_year;
                create index on {table} (sender, data_year, person_key);
                create index on {table} (person_key);
                {(of == CheckedPart.All ? "" : SmallSample)}
                analyze {table}
                """,
                null, cancellation);
        }

        return queries;
    }

    private static string ListOf(RecordView view) => $"pg_temp.listed_{view.Name}";

    private async Task KeepListAsync(RecordView view, JsonArray rows, CancellationToken cancellation)
    {
        if (!_kept.Add(ListOf(view))) return;
        var columns = RecordViewSql.ColumnsOf(view);
        await ExecuteAsync(
            $"create temporary table listed_{view.Name} ({columns}) on commit drop", null, cancellation);
        await ExecuteAsync(
            $"insert into {ListOf(view)} select * from {RecordViewSql.OfJson(view, "rows")}",
            new { rows = rows.ToJsonString() }, cancellation);
    }

    private Task<int> ExecuteAsync(string sql, object? parameters, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            sql, parameters, transaction, commandTimeout: 0, cancellationToken: cancellation));
}
