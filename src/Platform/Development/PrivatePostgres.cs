using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Kilde.Platform.Development;

/// <summary>How a private server is to run.</summary>
/// <param name="Binaries">See <see cref="PostgresBinaries.Find"/>.</param>
/// <param name="Folder">Holds the cluster, its password and its log. Made when missing, resumed when there.</param>
/// <param name="IsDurable">False turns fsync off: fast, for tests whose data may be lost.</param>
/// <param name="IsTemporary">True removes the cluster when the server stops, also when we are killed.</param>
/// <param name="Port">On 127.0.0.1; null takes a free one.</param>
public sealed record PrivatePostgresOptions(
    PostgresBinaries Binaries, string Folder, bool IsDurable = true, bool IsTemporary = false, int? Port = null);

/// <summary>
/// A PostgreSQL server of our own on 127.0.0.1, for <c>kilde up</c>, tests and benchmarks. It stops when it is
/// disposed, and when this process ends in any way, SIGKILL included.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    /// <summary>The environment variable with the superuser connection string of a server to use instead.</summary>
    public const string InsteadVariable = "KILDE_POSTGRES";

    private const int StartAttemptsMax = 5;
    private const int ConnectionsMax = 200;
    private static readonly TimeSpan StartSecondsMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(25);

    private readonly Process _supervisor;

    private PrivatePostgres(Process supervisor, string connection, string folder, int port)
    {
        _supervisor = supervisor;
        SuperuserConnectionString = connection;
        Folder = folder;
        Port = port;
    }

    public string SuperuserConnectionString { get; }

    /// <summary>Where the cluster is: not the folder asked for, when PostgreSQL's user cannot reach that.</summary>
    public string Folder { get; }

    public int Port { get; }

    /// <summary>Starts the server, making the cluster first when there is none.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message quotes the end of its log.</exception>
    public static async Task<PrivatePostgres> StartAsync(PrivatePostgresOptions options, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux()) throw new PlatformNotSupportedException("Set KILDE_POSTGRES instead.");

        var user = UnprivilegedUser.WhenRoot();
        var prefix = user?.Prefix ?? [];
        var binaries = user is null ? options.Binaries : UnprivilegedUser.ReachableBinaries(options.Binaries);
        var folder = PrivateServer.PrepareFolder(options.Folder, "data", user);
        var password = await PrivateServer.PasswordAsync(folder, cancellation);
        var cluster = Path.Combine(folder, "cluster");
        if (!File.Exists(Path.Combine(cluster, "PG_VERSION")))
            await InitializeAsync(binaries, folder, cluster, prefix, cancellation);
        await ClearStalePidFileAsync(cluster, cancellation);

        for (var attempt = 1; ; attempt++)
        {
            var port = options.Port ?? LocalPort.Free();
            var connection = new NpgsqlConnectionStringBuilder
            {
                Host = "127.0.0.1",
                Port = port,
                Username = "postgres",
                Password = password,
                Database = "postgres",
            }.ConnectionString;
            var supervisor = Supervise(options, binaries, folder, cluster, port, prefix);
            if (await AnswersAsync(connection, supervisor, cancellation))
                return new PrivatePostgres(supervisor, connection, folder, port);

            // Most likely another process took the port in between.
            await PrivateServer.EndAsync(supervisor);
            if (attempt == StartAttemptsMax || options.Port is not null)
                throw new InvalidOperationException($"PostgreSQL did not start: {EndOfLog(folder)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await PrivateServer.EndAsync(_supervisor);
        _supervisor.Dispose();
    }

    private static async Task InitializeAsync(
        PostgresBinaries binaries, string folder, string cluster, IReadOnlyList<string> prefix,
        CancellationToken cancellation)
    {
        string[] locale = binaries.Major >= 17
            ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            : ["--locale-provider=libc", "--lc-collate=C", "--lc-ctype=C.UTF-8", "--lc-messages=C"];
        string[] command =
        [
            .. prefix, binaries.InitDb, "--pgdata", cluster, "--username=postgres", "--encoding=UTF8",
            "--auth=scram-sha-256", "--pwfile", Path.Combine(folder, PrivateServer.PasswordFile), "--no-instructions",
            "--no-sync", .. locale,
        ];

        // A cluster that was being made when the power went is made anew.
        if (Directory.Exists(cluster)) Directory.Delete(cluster, recursive: true);
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        })!;
        var said = process.StandardError.ReadToEndAsync(cancellation);
        await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode != 0) throw new InvalidOperationException($"initdb failed: {await said}");
    }

    // After SIGKILL the pid file stands. Either our old server is still stopping, and we wait, or the number belongs
    // to somebody else by now, and PostgreSQL would refuse to start for no reason.
    private static async Task ClearStalePidFileAsync(string cluster, CancellationToken cancellation)
    {
        var file = Path.Combine(cluster, "postmaster.pid");
        var started = TimeProvider.System.GetTimestamp();
        while (File.Exists(file) && TimeProvider.System.GetElapsedTime(started) < PrivateServer.StopSecondsMax)
        {
            var first = (await File.ReadAllLinesAsync(file, cancellation)).FirstOrDefault();
            var isOurs = int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && IsPostgres(pid);
            if (!isOurs)
            {
                File.Delete(file);
                return;
            }

            await Task.Delay(PollInterval, cancellation);
        }
    }

    private static bool IsPostgres(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim() == "postgres";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static Process Supervise(
        PrivatePostgresOptions options, PostgresBinaries binaries, string folder, string cluster, int port,
        IReadOnlyList<string> prefix) =>
        PrivateServer.Supervise(
            prefix, SupervisorScript, "kilde-postgres",
            [
                Path.Combine(folder, "postgres.log"), options.IsTemporary ? folder : "",
                binaries.Postgres, "-D", cluster, .. Settings(options, port).SelectMany(s => (string[])["-c", s]),
            ]);

    // Our end of the pipe closes when we stop the server and when we die, however that happens.
    private const string SupervisorScript =
        """
        exec 3<&0 >>"$1" 2>&1
        temporary=$2
        shift 2
        "$@" </dev/null 3<&- &
        server=$!
        ( read -r word; kill -INT $server ) <&3 &
        wait $server
        [ -z "$temporary" ] || rm -rf -- "$temporary"
        """;

    private static IEnumerable<string> Settings(PrivatePostgresOptions options, int port)
    {
        yield return "listen_addresses=127.0.0.1";
        yield return $"port={port}";
        yield return "unix_socket_directories=";
        yield return $"max_connections={ConnectionsMax}";
        yield return "shared_buffers=256MB";
        yield return $"max_wal_size={(options.IsDurable ? 4 : 1)}GB";
        yield return "max_locks_per_transaction=256";
        yield return "timezone=UTC";

        // Flash, not discs that turn: with the default a queue's few rows are found by reading tables whole.
        yield return "random_page_cost=1.1";
        yield return "autovacuum_naptime=10s";

        // A failed statement's values would be personal data in a log file.
        yield return "log_min_error_statement=panic";
        yield return "log_parameter_max_length_on_error=0";
        yield return "log_error_verbosity=terse";

        if (options.IsDurable) yield break;
        yield return "fsync=off";
        yield return "synchronous_commit=off";
        yield return "full_page_writes=off";
    }

    private static async Task<bool> AnswersAsync(
        string connectionString, Process supervisor, CancellationToken cancellation)
    {
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
        var started = TimeProvider.System.GetTimestamp();
        while (!supervisor.HasExited && TimeProvider.System.GetElapsedTime(started) < StartSecondsMax)
        {
            try
            {
                await using var connection = new NpgsqlConnection(unpooled);
                await connection.OpenAsync(cancellation);
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(PollInterval, cancellation);
            }
        }

        return false;
    }

    private static string EndOfLog(string folder)
    {
        var log = Path.Combine(folder, "postgres.log");
        return File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(5)) : "it wrote no log.";
    }
}
