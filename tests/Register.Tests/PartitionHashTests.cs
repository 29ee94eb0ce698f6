using Dapper;
using Kilde.Register.Merging;
using Kilde.Testing;

namespace Kilde.Register.Tests;

public class PartitionHashTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Partitions_are_told_apart_as_PostgreSQL_does()
    {
        await using var databases = await postgres.NewDatabasesAsync();
        await using var connection = await databases.RegisterOwner.OpenConnectionAsync(Cancellation);
        long[] persons =
        [
            0, 1, -1, long.MaxValue, long.MinValue,
            .. Enumerable.Range(1, 1000).Select(number => unchecked(number * (long)0x9E3779B97F4A7C15)),
        ];
        await connection.ExecuteAsync(
            """
            create table register.partition_proof (person_key bigint) partition by hash (person_key);
            """ + string.Concat(Enumerable.Range(0, 16).Select(no =>
                $"create table register.partition_proof_p{no} partition of register.partition_proof "
                + $"for values with (modulus 16, remainder {no});")));
        await connection.ExecuteAsync(
            "insert into register.partition_proof select unnest(@persons)", new { persons });

        var placed = await connection.QueryAsync<(long Person, string Partition)>(
            "select person_key, tableoid::regclass::text from register.partition_proof");

        placed.ShouldAllBe(row => row.Partition == $"register.partition_proof_p{PartitionHash.Of(row.Person) % 16}");
    }
}
