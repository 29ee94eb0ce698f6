using Dapper;
using FsCheck;
using FsCheck.Fluent;
using Kilde.Register.Merging;
using Kilde.Testing;

namespace Kilde.Register.Tests;

public class BinaryCopyTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_decimal_arrives_as_it_was_written()
    {
        decimal[] edges = [0m, 0.00m, 1m, -1m, 0.1m, 0.0001m, 0.00010m, 10_000m, 9_999.9999m, 120.50m, -0.5m,
            decimal.MaxValue, decimal.MinValue, 0.0000000000000000000000000001m, 79_228_162.514264337593543950335m];
        decimal[] numbers = [.. edges, .. ArbMap.Default.GeneratorFor<decimal>().Sample(2_000)];

        var arrived = await RoundTripAsync<decimal>("numeric", numbers, (copy, number) => copy.Write(number));

        arrived.ShouldBe(numbers);
        arrived.Select(number => number.Scale).ShouldBe(numbers.Select(number => number.Scale));
    }

    [Fact]
    public async Task Lists_texts_days_and_times_arrive_as_they_were_written()
    {
        string[][] lists = [[], ["a"], ["æ,\"{}", "", "b"]];
        long[][] numbers = [[], [1, -2, long.MaxValue]];
        Guid[][] keys = [[], [Guid.Empty, Guid.CreateVersion7()]];
        string[] texts = ["", "blåbær\n\t\\", new('x', 300_000)];
        DateOnly[] days = [new(1, 1, 1), new(1999, 12, 31), new(2000, 1, 1), new(3015, 6, 1)];
        DateTime[] times = [DateTime.UnixEpoch, new(1990, 1, 1, 0, 0, 0, 123, DateTimeKind.Utc)];

        (await RoundTripAsync("text[]", lists, (copy, value) => copy.Write(value))).ShouldBe(lists);
        (await RoundTripAsync("bigint[]", numbers, (copy, value) => copy.Write(value))).ShouldBe(numbers);
        (await RoundTripAsync("uuid[]", keys, (copy, value) => copy.Write(value))).ShouldBe(keys);
        (await RoundTripAsync("text", texts, (copy, value) => copy.Write(value))).ShouldBe(texts);
        (await RoundTripAsync("date", days, (copy, value) => copy.Write(value))).ShouldBe(days);
        (await RoundTripAsync("timestamptz", times, (copy, value) => copy.Write(new DateTimeOffset(value))))
            .ShouldBe(times);
        (await RoundTripAsync("jsonb", ["""{"a": 1}"""], (copy, value) => copy.WriteJson(value)))
            .ShouldBe(["""{"a": 1}"""]);
    }

    [Fact]
    public async Task A_copy_that_is_not_completed_leaves_nothing()
    {
        await using var databases = await postgres.NewDatabasesAsync();
        await using var connection = await databases.Register.Source.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync("create temp table copied (value bigint)");

        await using (var copy = await BinaryCopy.BeginAsync(
            connection, "copy copied (value) from stdin (format binary)", Cancellation))
        {
            await copy.StartRowAsync(1, Cancellation);
            copy.Write(1L);
        }

        (await connection.ExecuteScalarAsync<long>("select count(*) from copied")).ShouldBe(0);
    }

    private async Task<T[]> RoundTripAsync<T>(string type, T[] values, Action<BinaryCopy, T> write)
    {
        await using var databases = await postgres.NewDatabasesAsync();
        await using var connection = await databases.Register.Source.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync($"create temp table copied (place bigint, value {type})");
        await using (var copy = await BinaryCopy.BeginAsync(
            connection, "copy copied (place, value) from stdin (format binary)", Cancellation))
        {
            for (var i = 0; i < values.Length; i++)
            {
                await copy.StartRowAsync(2, Cancellation);
                copy.Write((long)i);
                write(copy, values[i]);
            }

            await copy.CompleteAsync(Cancellation);
        }

        await using var command = new Npgsql.NpgsqlCommand("select value from copied order by place", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var arrived = new List<T>();
        while (await reader.ReadAsync(Cancellation)) arrived.Add(await reader.GetFieldValueAsync<T>(0, Cancellation));
        return [.. arrived];
    }
}
