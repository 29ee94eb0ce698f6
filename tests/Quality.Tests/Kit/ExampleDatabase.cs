using System.Text.Json.Nodes;
using Dapper;
using Kilde.Definitions.Checks;
using Kilde.Register.Reading;
using Kilde.Register.Tables;
using Kilde.Testing;
using Npgsql;

namespace Kilde.Quality.Tests.Kit;

/// <summary>
/// A database for the examples in definitions: they bring their rows with them as JSON, and write nothing.
/// </summary>
public sealed class ExampleDatabase(PostgresServer postgres) : IAsyncLifetime
{
    private TestDatabases? _databases;

    /// <summary>The rows of a view in an example, as <see cref="Give"/> hands them over.</summary>
    public static string RowsOf(RecordView view) =>
        $"select * from {RecordViewSql.OfJson(view, $"rows_{view.Name}")}";

    public static void Give(DynamicParameters parameters, IReadOnlyDictionary<string, JsonArray> rows)
    {
        foreach (var (view, those) in rows) parameters.Add($"rows_{view}", those.ToJsonString());
    }

    /// <summary>What a query over <see cref="RowsOf"/> gives of an example's rows, each as an object.</summary>
    public async Task<IReadOnlyList<JsonObject>> QueryAsync(string sql, IReadOnlyDictionary<string, JsonArray> rows)
    {
        await using var connection = await OpenAsync();
        var parameters = new DynamicParameters();
        Give(parameters, rows);
        var found = await connection.QueryAsync<string>($"select to_jsonb(r)::text from ({sql}) as r", parameters);
        return [.. found.Select(row => JsonNode.Parse(row)!.AsObject())];
    }

    public async Task<NpgsqlConnection> OpenAsync() =>
        await _databases!.Register.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        _databases = await postgres.NewDatabasesAsync();
        await using var connection = await _databases.RegisterOwner.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await MunicipalityMap.ReplaceAsync(transaction, cancellation);
        await ScoreFunctions.ReplaceAsync(RepositoryDefinitions.Catalogue.Scores, transaction, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    public async ValueTask DisposeAsync() => await _databases!.DisposeAsync();
}
