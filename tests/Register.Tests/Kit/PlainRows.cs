using Dapper;
using Kilde.Testing;

namespace Kilde.Register.Tests.Kit;

/// <summary>Rows of record tables as a merge would have left them, for tests of what reads them.</summary>
internal static class PlainRows
{
    /// <param name="columns">The record's own columns, as SQL expressions by name.</param>
    public static async Task<Guid> AddAsync(
        TestDatabases databases, string table, long person, params (string Column, string Sql)[] columns)
    {
        var key = Guid.CreateVersion7();
        await using var connection = await databases.Register.Source.OpenConnectionAsync(
            TestContext.Current.CancellationToken);
        await connection.ExecuteAsync(
            $"""
            insert into register.{table} (
              person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
              batch_no, since, period_no{string.Concat(columns.Select(column => $", {column.Column}"))})
            values (@person, 1, @key, '974760673', '974760673', @id, @key, @key, '2026-03-01', 1, now(), 0
              {string.Concat(columns.Select(column => $", {column.Sql}"))})
            """,
            new { person, key, id = $"{key}" });
        return key;
    }
}
