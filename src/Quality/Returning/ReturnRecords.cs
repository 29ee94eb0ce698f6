using System.Text.Json;
using Dapper;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Overview;
using Kilde.Register.Returning;

namespace Kilde.Quality.Returning;

/// <summary>
/// Gives a sender all its own records back, identity included, with what the checks have found in each and what would
/// mend it (R3.18, R8.01). Identities are those the records came with, revealed in the vault's transaction that logs
/// them; nothing of another sender's is read, not even to be counted.
/// </summary>
public sealed class ReturnRecords(
    RegisterDatabase database, DefinitionCatalogue catalogue, ReadOwnRecords records, RevealPersons persons)
{
    /// <summary>A line of JSON for each record.</summary>
    public const string ContentType = "application/x-ndjson; charset=utf-8";

    private const int BatchRows = RevealPersons.PersonsMax;

    private readonly Dictionary<string, Check> _checks =
        catalogue.Checks.Where(check => check.Status == CheckStatus.Active)
            .ToDictionary(check => check.Id, StringComparer.Ordinal);

    /// <summary>Writes the records as they stand, batch by batch.</summary>
    /// <param name="unit">The unit that asks: the token's or the session's, never the request's own word.</param>
    /// <param name="actor">Who asks, or makes what was asked for.</param>
    /// <returns>How many were given.</returns>
    public async Task<long> WriteAsync(
        OrganizationNumber unit, ReturnedRecords which, Actor actor, Stream output, CancellationToken cancellation)
    {
        var ground = new AccessGround(actor, "retur til avsender, R3.18", $"retur {Guid.CreateVersion7()} til {unit}");
        var names = await NamesAsync(unit, cancellation);
        var given = 0L;
        await foreach (var batch in records.ReadAsync(names, which, BatchRows, ground, cancellation))
        {
            var identities = (await persons.OfIdentifiersAsync(
                [.. batch.Select(record => record.Identifier).Distinct()], ground, cancellation))
                .ToDictionary(revealed => revealed.IdentifierKey);
            var findings = await FindingsAsync(batch, cancellation);
            foreach (var record in batch)
            {
                await WriteAsync(
                    output, record, identities.GetValueOrDefault(record.Identifier), findings[record.RecordKey],
                    cancellation);
            }

            given += batch.Count;
            await output.FlushAsync(cancellation);
        }

        return given;
    }

    private async Task<IReadOnlyList<string>> NamesAsync(OrganizationNumber unit, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<string>(new CommandDefinition(
            UnitNames.OfUnit, new { unit = unit.ToString() }, cancellationToken: cancellation))).AsList();
    }

    private async Task<ILookup<Guid, Flag>> FindingsAsync(
        IReadOnlyList<OwnRecord> batch, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Flag>(new CommandDefinition(
            """
            select record_key, check_id, state, measured, detail, opened_at
            from quality.finding
            where record_key = any(@keys) and closed_at is null and not is_shadow
            order by opened_at
            """,
            new { keys = batch.Select(record => record.RecordKey).ToArray() },
            cancellationToken: cancellation));
        return rows.Where(row => _checks.ContainsKey(row.CheckId)).ToLookup(row => row.RecordKey);
    }

    private async Task WriteAsync(
        Stream output, OwnRecord record, RevealedIdentifier? identity, IEnumerable<Flag> flags,
        CancellationToken cancellation)
    {
        await using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteString("post", record.Table);
            json.WriteString("id", record.LocalId);
            if (record.DataYear is { } year) json.WriteNumber("dataaar", year);
            WritePerson(json, identity);
            json.WriteString("innsending", record.SubmissionId);
            json.WriteString("siden", record.Since);
            json.WritePropertyName("verdier");
            json.WriteRawValue(record.Values);
            json.WriteStartArray("funn");
            foreach (var flag in flags) WriteFlag(json, flag);
            json.WriteEndArray();
            json.WriteEndObject();
            await json.FlushAsync(cancellation);
        }

        await output.WriteAsync("\n"u8.ToArray(), cancellation);
    }

    private static void WritePerson(Utf8JsonWriter json, RevealedIdentifier? identity)
    {
        if (identity is null)
        {
            json.WriteNull("person");
            return;
        }

        json.WriteStartObject("person");
        if (identity.LocalId is { } own) json.WriteString("lokalId", own);
        else
        {
            json.WriteString("type", identity.Identifier.Kind.ToString());
            json.WriteString("nummer", identity.Identifier.Reveal());
        }

        json.WriteEndObject();
    }

    private void WriteFlag(Utf8JsonWriter json, Flag flag)
    {
        var check = _checks[flag.CheckId];
        json.WriteStartObject();
        json.WriteString("kontroll", check.Id);
        json.WriteString("hva", check.Titles.Nb);
        if (flag.Measured is { } measured) json.WriteNumber("maalt", measured);
        if (flag.Detail is { } detail) json.WriteString("mer", detail);
        json.WriteString("retting", check.Mend.Nb);
        json.WriteString("tilstand", flag.State);
        json.WriteString("funnet", flag.OpenedAt);
        json.WriteEndObject();
    }

    private sealed record Flag(
        Guid RecordKey, string CheckId, string State, decimal? Measured, string? Detail, DateTimeOffset OpenedAt);
}
