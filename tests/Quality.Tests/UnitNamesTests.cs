using Dapper;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;
using Kilde.Quality.Overview;
using Kilde.Quality.Returning;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Quality.Tests;

/// <summary>What a sender's pages ask for is found by index, however many others send.</summary>
public sealed class UnitNamesTests(PostgresServer postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData($"select f.finding_id from quality.finding f where {FindFindings.MayBeSeen}")]
    [InlineData($"select c.data_year from quality.figure_count c where c.unit = {UnitNames.AnyOfUnit} and c.part = ''")]
    public async Task A_senders_own_rows_are_found_without_reading_everybodys(string sql)
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        await using var connection = await quality.Get<RegisterDatabase>().Source.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync("set enable_seqscan = off");

        var plan = await connection.QueryAsync<string>($"explain {sql}", new { unit = $"{Cases.Unit}" });

        string.Join('\n', plan).ShouldNotContain("Seq Scan");
    }

    [Fact]
    public async Task Types_a_sender_has_sent_are_found_in_the_index_without_reading_what_was_sent()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        await using var connection = await quality.Get<RegisterDatabase>().Source.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync("set enable_seqscan = off; set enable_bitmapscan = off");

        var plan = string.Join('\n', await connection.QueryAsync<string>(
            $"explain {FindReturns.Sent}", new { unit = $"{Cases.Unit}" }));

        plan.Split("Index Only Scan using submission_unit_type_ix").Length.ShouldBe(3, plan);
        plan.ShouldNotContain("Sort");
    }

    [Fact]
    public async Task Municipalities_of_a_year_are_found_and_added_up_in_the_index_alone()
    {
        await using var quality = await TestQuality.StartAsync(postgres);
        await using var connection = await quality.Get<RegisterDatabase>().Source.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync("set enable_seqscan = off; set enable_bitmapscan = off");

        var plan = await connection.QueryAsync<string>(
            """
            explain select figure_id, category, sum(persons), sum(basis), sum(amount)
            from quality.figure_count
            where data_year = 2025 and part = '' and municipality = any(array['1101', '1103'])
            group by figure_id, category
            """);

        string.Join('\n', plan).ShouldContain("Index Only Scan using figure_count_place_ix");
    }
}
