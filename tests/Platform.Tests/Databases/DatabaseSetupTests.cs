using Dapper;
using Kilde.Testing;
using Npgsql;

namespace Kilde.Platform.Tests.Databases;

public class DatabaseSetupTests(PostgresServer postgres)
{
    [Fact]
    public async Task The_register_role_cannot_connect_to_the_vault_nor_the_other_way_round()
    {
        await using var databases = await postgres.NewDatabasesAsync();

        (await RefusedAsync(databases.Logins.Register, databases.Logins.Identity)).ShouldBe("42501");
        (await RefusedAsync(databases.Logins.Identity, databases.Logins.Register)).ShouldBe("42501");
        (await RefusedAsync(databases.Logins.RegisterOwner, databases.Logins.Identity)).ShouldBe("42501");
        (await RefusedAsync(databases.Logins.IdentityOwner, databases.Logins.Register)).ShouldBe("42501");
    }

    [Fact]
    public async Task No_role_has_its_queries_compiled()
    {
        await using var databases = await postgres.NewDatabasesAsync();
        var logins = databases.Logins;

        foreach (var login in (string[])[logins.Register, logins.RegisterOwner, logins.Identity, logins.IdentityOwner])
        {
            await using var connection = new NpgsqlConnection(login);
            (await connection.QuerySingleAsync<string>("show jit")).ShouldBe("off");
        }
    }

    [Fact]
    public async Task The_login_role_may_read_and_write_what_the_owner_makes()
    {
        await using var databases = await postgres.NewDatabasesAsync();
        await using var owner = new NpgsqlConnection(databases.Logins.RegisterOwner);
        await owner.ExecuteAsync("create schema probe; create table probe.thing (thing_id int primary key)");

        await using var connection =
            await databases.Register.Source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await connection.ExecuteAsync("insert into probe.thing (thing_id) values (7)");

        (await connection.QuerySingleAsync<int>("select thing_id from probe.thing")).ShouldBe(7);
    }

    [Theory]
    [InlineData("create schema other")]
    [InlineData("create table register.other (id int)")]
    [InlineData("create table intake.other (id int)")]
    [InlineData("create table public.other (id int)")]
    [InlineData("truncate register.change")]
    [InlineData("truncate intake.submission cascade")]
    [InlineData("drop table register.change")]
    [InlineData("alter table register.change add column other int")]
    [InlineData("update platform.migration set checksum = ''")]
    [InlineData("select platform.take_from_logins('select', 'register.change')")]
    public async Task The_login_role_makes_alters_and_empties_no_table(string statement)
    {
        await using var databases = await postgres.NewDatabasesAsync();
        await using var command = databases.Register.Source.CreateCommand(statement);

        var refused = await Should.ThrowAsync<PostgresException>(() =>
            command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        refused.SqlState.ShouldBe(PostgresErrorCodes.InsufficientPrivilege);
    }

    private static async Task<string> RefusedAsync(string login, string other)
    {
        var there = new NpgsqlConnectionStringBuilder(login)
        {
            Database = new NpgsqlConnectionStringBuilder(other).Database,
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(there.ConnectionString);
        var refused = await Should.ThrowAsync<PostgresException>(() =>
            connection.OpenAsync(TestContext.Current.CancellationToken));
        return refused.SqlState;
    }
}
