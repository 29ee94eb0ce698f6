using Dapper;
using Kilde.Platform.Databases;
using Kilde.Testing;
using Npgsql;

namespace Kilde.Platform.Tests.Databases;

public class MigrationRunnerTests(PostgresServer postgres)
{
    private static readonly Migration First = new("probe", 1, "first",
        "create schema probe; create table probe.a (i int)");
    private static readonly Migration Second = new("probe", 2, "second", "create table probe.b (i int)");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nodes_that_start_at_once_apply_each_migration_once()
    {
        await using var databases = await postgres.NewDatabasesAsync();
        await using var owner = NpgsqlDataSource.Create(databases.Logins.RegisterOwner);

        var counts = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
            MigrationRunner.ApplyAsync(owner, [First, Second], Cancellation)));

        counts.Sum().ShouldBe(2);
        (await MigrationRunner.ApplyAsync(owner, [First, Second], Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task A_file_that_was_changed_and_a_database_that_is_newer_are_refused()
    {
        await using var databases = await postgres.NewDatabasesAsync();
        await using var owner = NpgsqlDataSource.Create(databases.Logins.RegisterOwner);
        await MigrationRunner.ApplyAsync(owner, [First, Second], Cancellation);

        var changed = Second with { Sql = Second.Sql + " -- a word" };
        (await Should.ThrowAsync<MigrationException>(() =>
            MigrationRunner.ApplyAsync(owner, [First, changed], Cancellation))).Message.ShouldContain("0002_second");
        await Should.ThrowAsync<MigrationException>(() =>
            MigrationRunner.ApplyAsync(owner, [First], Cancellation));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_nothing_and_those_before_it_stay()
    {
        await using var databases = await postgres.NewDatabasesAsync();
        await using var owner = NpgsqlDataSource.Create(databases.Logins.RegisterOwner);
        var broken = Second with { Sql = "create table probe.b (i int); select 1 / 0" };

        await Should.ThrowAsync<PostgresException>(() =>
            MigrationRunner.ApplyAsync(owner, [First, broken], Cancellation));

        await using var connection = await owner.OpenConnectionAsync(Cancellation);
        (await connection.QuerySingleAsync<bool>("select to_regclass('probe.a') is not null")).ShouldBeTrue();
        (await connection.QuerySingleAsync<bool>("select to_regclass('probe.b') is null")).ShouldBeTrue();
        (await MigrationRunner.ApplyAsync(owner, [First, Second], Cancellation)).ShouldBe(1);
    }
}
