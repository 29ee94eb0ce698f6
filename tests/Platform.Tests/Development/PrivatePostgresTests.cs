using Dapper;
using Kilde.Platform.Development;
using Kilde.Testing;
using Npgsql;

namespace Kilde.Platform.Tests.Development;

public sealed class PrivatePostgresTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kilde-private-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public PrivatePostgresTests() =>
        File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);

    [Fact]
    public async Task A_second_start_finds_what_the_first_left()
    {
        var options = Options();
        await using (var first = await PrivatePostgres.StartAsync(options, Cancellation))
        {
            await ExecuteAsync(first, "create table kept (i int)");
        }

        await using var second = await PrivatePostgres.StartAsync(options, Cancellation);
        await ExecuteAsync(second, "select i from kept");
        Directory.Exists(second.Folder).ShouldBeTrue();
    }

    [Fact]
    public async Task The_server_is_reached_from_this_machine_with_the_password_only()
    {
        await using var server = await PrivatePostgres.StartAsync(Options(), Cancellation);
        var wrong = new NpgsqlConnectionStringBuilder(server.SuperuserConnectionString)
        {
            Password = "wrong",
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);

        (await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync(Cancellation)))
            .SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        await using var right = new NpgsqlConnection(server.SuperuserConnectionString);
        (await right.QuerySingleAsync<string>("show listen_addresses")).ShouldBe("127.0.0.1");
        (await right.QuerySingleAsync<string>("show unix_socket_directories")).ShouldBeEmpty();
        (await right.QuerySingleAsync<string>("show fsync")).ShouldBe("on");
    }

    [Fact]
    public async Task A_stale_pid_file_of_another_process_is_no_hindrance()
    {
        var options = Options();
        string folder;
        await using (var first = await PrivatePostgres.StartAsync(options, Cancellation)) folder = first.Folder;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "cluster", "postmaster.pid"), $"{Environment.ProcessId}\n", Cancellation);

        await using var second = await PrivatePostgres.StartAsync(options, Cancellation);
        await ExecuteAsync(second, "select 1");
    }

    [Fact]
    public async Task A_temporary_server_leaves_nothing()
    {
        string folder;
        await using (var server = await PrivatePostgres.StartAsync(Options() with { IsTemporary = true }, Cancellation))
            folder = server.Folder;

        Directory.Exists(Path.Combine(folder, "cluster")).ShouldBeFalse();
    }

    private PrivatePostgresOptions Options()
    {
        var binaries = PostgresBinaries.Find(Repository.At("tools"));
        Assert.SkipWhen(binaries is null, "There is no PostgreSQL: run npm ci in tools/.");
        return new PrivatePostgresOptions(binaries, Path.Combine(_folder, "server"));
    }

    private static async Task ExecuteAsync(PrivatePostgres server, string sql)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(server.SuperuserConnectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.ExecuteAsync(sql);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
