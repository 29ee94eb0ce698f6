using System.Text.Json.Nodes;
using Dapper;
using Kilde.Platform.Databases;

namespace Kilde.Quality.Completeness;

/// <summary>The newest analysis of each quality registry and year, as a list that checks read.</summary>
public sealed class CompletenessTable(RegisterDatabase database)
{
    internal static string NameOf(CompletenessBasis basis) => basis switch
    {
        CompletenessBasis.Persons => "persons",
        _ => "contacts",
    };

    /// <summary>Rows of the view <c>registry_completeness</c>.</summary>
    internal async Task<JsonArray> ReadAsync(CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            select jsonb_agg(jsonb_build_object(
              'sender', u.unit, 'unit', u.unit, 'data_year', a.data_year, 'registry', a.registry,
              'register', a.register, 'basis', u.basis, 'only_registry', u.only_registry, 'in_both', u.in_both,
              'only_register', u.only_register))::text
            from (
              select distinct on (registry, register, data_year) analysis_id, registry, register, data_year
              from quality.completeness
              order by registry, register, data_year, made_at desc, analysis_id desc
            ) as a
            join quality.completeness_unit u on u.analysis_id = a.analysis_id
            """,
            cancellationToken: cancellation));
        return rows is null ? [] : JsonNode.Parse(rows)!.AsArray();
    }
}
