using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Dapper;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Figures;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;
using Npgsql;

namespace Kilde.Quality.Figures;

/// <summary>
/// Counts figures of the whole register, or of the units' years that have changed. Both are the same queries.
/// </summary>
public sealed class RunFigures(RegisterDatabase database, DefinitionCatalogue catalogue, TimeProvider clock)
{
    private const string OneAtATime = "select pg_advisory_xact_lock(hashtextextended('quality.figures', 0))";
    private const string OfTouched = "(unit, data_year) in (select unit, data_year from touched_unit)";
    private const string OfAllButHeldOut =
        "(person_key, data_year) not in (select person_key, data_year from quality.held_out)";

    public IReadOnlyList<Figure> Figures => catalogue.Figures;

    /// <summary>Counts figures of all records, in one transaction.</summary>
    public async Task RunAsync(IReadOnlyList<Figure> figures, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(OneAtATime, null, transaction, cancellation);
        var rows = new CheckedRows(transaction, CheckedPart.All, ReadNoListAsync);
        foreach (var figure in figures)
        {
            await CountAsync(figure, rows, "all", OfAllButHeldOut, "true", transaction, cancellation);
            await ExecuteAsync(
                """
                insert into quality.figure (figure_id, digest, counted_at) values (@Id, @digest, @now)
                on conflict (figure_id) do update set digest = excluded.digest, counted_at = excluded.counted_at
                """,
                new { figure.Id, digest = DigestOf(figure), now = clock.GetUtcNow() }, transaction, cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Figures that have not been counted of the whole register as they are defined now.</summary>
    public async Task<IReadOnlyList<Figure>> FindUncountedAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var known = await connection.QueryAsync<(string Id, string Digest)>(new CommandDefinition(
            "select figure_id, digest from quality.figure", cancellationToken: cancellation));
        var digests = known.ToDictionary(each => each.Id, each => each.Digest, StringComparer.Ordinal);
        return [.. Figures.Where(figure => digests.GetValueOrDefault(figure.Id) != DigestOf(figure))];
    }

    /// <summary>
    /// Counts the units' years that records of the temporary table <c>touched</c> belong to, or belonged to.
    /// </summary>
    internal async Task RunTouchedAsync(NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        await ExecuteAsync(OneAtATime, null, transaction, cancellation);
        var tables = await RunChecks.TouchedTablesAsync(transaction, cancellation);
        Figure[] touched = [.. Figures.Where(figure => figure.Reads.Any(view => RunChecks.IsOf(view, tables)))];
        var views = touched.SelectMany(figure => figure.Reads).Distinct();
        await ExecuteAsync(CheckStatements.KeepTouched(views, tables), null, transaction, cancellation);
        await CountTouchedAsync(touched, transaction, cancellation);
    }

    /// <summary>
    /// Counts anew where somebody has come to be held out, or is no more, because of what a check has found or what
    /// register staff have decided of it.
    /// </summary>
    /// <returns>How many persons' years.</returns>
    internal async Task<int> HoldOutAsync(CancellationToken cancellation)
    {
        var checks = catalogue.Checks.Where(check => check.HoldsOut).Select(check => check.Id).ToArray();
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);

        // Asked every turn, and the answer is nearly always no.
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            HeldOutStatements.IsChanged, new { checks }, cancellationToken: cancellation))) return 0;

        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(OneAtATime, null, transaction, cancellation);
        var persons = await ExecuteAsync(
            HeldOutStatements.KeepChanged, new { checks }, transaction, cancellation);
        if (persons == 0) return 0;

        var views = Figures.SelectMany(figure => figure.Reads).Distinct();
        await ExecuteAsync(HeldOutStatements.KeepUnits(views), null, transaction, cancellation);
        await CountTouchedAsync(Figures, transaction, cancellation);
        await transaction.CommitAsync(cancellation);
        return persons;
    }

    private static async Task CountTouchedAsync(
        IReadOnlyList<Figure> figures, NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var rows = new CheckedRows(transaction, CheckedPart.Touched, ReadNoListAsync);
        foreach (var figure in figures)
        {
            await CountAsync(
                figure, rows, "years0", $"{CheckStatements.RowsOfTouchedUnits(0)} and {OfAllButHeldOut}", OfTouched,
                transaction, cancellation);
        }
    }

    private static async Task CountAsync(
        Figure figure, CheckedRows rows, string name, string which, string among, NpgsqlTransaction transaction,
        CancellationToken cancellation)
    {
        var rowsOf = await rows.KeepAsync(figure.Reads, name, which, cancellation);
        await ExecuteAsync(
            $"""
            delete from quality.figure_count where figure_id = @Id and {among};
            insert into quality.figure_count (
              figure_id, unit, municipality, data_year, part, category, persons, basis, amount)
            select @Id, unit, municipality, data_year, part, category, persons, basis, amount
            from ({Counted(figure, view => rowsOf[view])}) as counted
            where unit is not null and data_year is not null and {among}
            """,
            new { figure.Id }, transaction, cancellation);
    }

    /// <summary>The query that gives the figure's rows.</summary>
    internal static string Counted(Figure figure, Func<RecordView, string> rowsOf)
    {
        var views = figure.Reads.Select(view => $"\"{view.Name}\" as not materialized (\n{rowsOf(view)}\n)");
        return $"""
            with {string.Join(",\n", views)},
            counting as (
            {figure.Count}
            )
            select unit::text, municipality::text, data_year::integer, part::text, category::text, persons::bigint,
              basis::bigint, amount::numeric
            from counting
            """;
    }

    // Nothing in the feed tells that a list has changed, so the definitions of figures cannot name one.
    private static Task<JsonArray> ReadNoListAsync(RecordList list, CancellationToken cancellation) =>
        throw new UnreachableException($"A figure reads the list {list}.");

    private static string DigestOf(Figure figure) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\0', [figure.Count, .. figure.Reads.Select(CheckSql.Text)]))));

    private static Task<int> ExecuteAsync(
        string sql, object? parameters, NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            sql, parameters, transaction, commandTimeout: 0, cancellationToken: cancellation));
}
