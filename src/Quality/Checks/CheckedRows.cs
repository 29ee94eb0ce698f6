using Dapper;
using Kilde.Definitions.Checks;
using Kilde.Register.Reading;
using Npgsql;

namespace Kilde.Quality.Checks;

/// <summary>
/// The rows that a run reads, each view once for all its checks, in temporary tables with indexes and statistics: over
/// a view the planner has to guess, and a wrong guess makes a nested loop of what should be a join.
/// </summary>
internal sealed class CheckedRows(NpgsqlTransaction transaction, bool isTouchedOnly)
{
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);

    /// <summary>The results that may be others now.</summary>
    public string Among(Check check) => (isTouchedOnly, check.Scope) switch
    {
        (false, _) => "true",
        (true, CheckScope.Person) => CheckStatements.OfTouchedPersons,
        _ => CheckStatements.OfTouchedUnits(check.YearsBack),
    };

    /// <summary>The tables that hold the rows of the views a check reads.</summary>
    public async Task<IReadOnlyDictionary<RecordView, string>> KeepAsync(Check check, CancellationToken cancellation)
    {
        var (name, rows) = (isTouchedOnly, check.Scope) switch
        {
            (false, _) => ("all", "true"),
            (true, CheckScope.Person) => ("persons", CheckStatements.OfTouchedPersons),
            _ => ($"years{check.YearsBack}", CheckStatements.RowsOfTouchedUnits(check.YearsBack)),
        };
        var tables = new Dictionary<RecordView, string>();
        foreach (var view in check.Reads)
        {
            var table = $"checked_{name}_{view.Name}";
            tables[view] = $"pg_temp.{table}";
            if (!_kept.Add(table)) continue;
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                $"""
                create temporary table {table} on commit drop as select * from {RecordViewSql.Of(view)} where {rows};
                create index on {table} (person_key, sender, data_year);
                create index on {table} (sender, data_year);
                analyze {table}
                """,
                transaction: transaction, commandTimeout: 0, cancellationToken: cancellation));
        }

        return tables;
    }
}
