using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Kilde.Platform.Development;

/// <summary>How a private message bus is to run.</summary>
/// <param name="Folder">Holds queues, password and log. Made when missing, resumed when there.</param>
/// <param name="IsTemporary">True removes the folder when the server stops, also when we are killed.</param>
/// <param name="Port">AMQP on 127.0.0.1; null takes a free one.</param>
public sealed record PrivateRabbitOptions(string Folder, bool IsTemporary = false, int? Port = null);

/// <summary>
/// A RabbitMQ server of our own on 127.0.0.1, with the plugin for AMQP 1.0, for <c>kilde up --bus</c> and tests. It has
/// a name server (epmd), a cookie and a node name of its own, so that it meets no other; it stops when it is disposed,
/// and when this process ends in any way, SIGKILL included.
/// </summary>
public sealed class PrivateRabbit : IAsyncDisposable
{
    /// <summary>The environment variable with the address of a server to use instead: <c>amqp://…</c>.</summary>
    public const string InsteadVariable = "KILDE_RABBITMQ";

    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const string User = "kilde";
    private const int StartAttemptsMax = 3;
    private static readonly TimeSpan StartSecondsMax = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] Greeting = "AMQP\0\0\u0009\u0001"u8.ToArray();

    private readonly Process _supervisor;

    private PrivateRabbit(Process supervisor, Uri address, int port)
    {
        _supervisor = supervisor;
        Address = address;
        Port = port;
    }

    /// <summary>With user and password.</summary>
    public Uri Address { get; }

    public int Port { get; }

    /// <summary>True when Debian's package <c>rabbitmq-server</c> is on this machine.</summary>
    public static bool IsInstalled => File.Exists(Server);

    /// <exception cref="InvalidOperationException">It did not start; the message quotes the end of its log.</exception>
    public static async Task<PrivateRabbit> StartAsync(PrivateRabbitOptions options, CancellationToken cancellation)
    {
        var user = UnprivilegedUser.WhenRoot();
        var folder = PrivateServer.PrepareFolder(options.Folder, "bus", user);
        var password = await PrivateServer.PasswordAsync(folder, cancellation);
        for (var attempt = 1; ; attempt++)
        {
            var port = options.Port ?? LocalPort.Free();
            await ConfigureAsync(folder, port, password, cancellation);
            var supervisor = Supervise(folder, port, options.IsTemporary, user?.Prefix ?? []);
            if (await AnswersAsync(port, supervisor, cancellation))
                return new PrivateRabbit(supervisor, new Uri($"amqp://{User}:{password}@127.0.0.1:{port}/"), port);

            // Most likely another process took the port in between.
            await PrivateServer.EndAsync(supervisor);
            if (attempt == StartAttemptsMax || options.Port is not null || options.IsTemporary)
                throw new InvalidOperationException($"RabbitMQ did not start: {EndOfLog(folder)}");
        }
    }

    /// <summary>Ends the server by SIGKILL, as when the power goes; what is in the folder stays as it is.</summary>
    public async Task KillAsync()
    {
        await _supervisor.StandardInput.WriteLineAsync("KILL");
        await PrivateServer.EndAsync(_supervisor);
    }

    public async ValueTask DisposeAsync()
    {
        await PrivateServer.EndAsync(_supervisor);
        _supervisor.Dispose();
    }

    // The folder is closed to others, and the server, which may run as another user, must read the files.
    private static async Task ConfigureAsync(
        string folder, int port, string password, CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "enabled_plugins"), "[rabbitmq_amqp1_0].\n", cancellation);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "rabbitmq.conf"),
            $"""
            listeners.tcp.1 = 127.0.0.1:{port}
            default_user = {User}
            default_pass = {password}
            log.console = false
            log.file = {Path.Combine(folder, "rabbitmq.log")}
            disk_free_limit.absolute = 200MB

            """,
            cancellation);
    }

    private static Process Supervise(string folder, int port, bool isTemporary, IReadOnlyList<string> prefix) =>
        PrivateServer.Supervise(
            prefix, SupervisorScript, "kilde-rabbitmq",
            [
                folder, isTemporary ? folder : "", $"{LocalPort.Free()}", $"{port}", $"{LocalPort.Free()}", Server,
                isTemporary ? "KILL" : "TERM",
            ]);

    // Our end of the pipe closes when we stop the server and when we die, however that happens. With input allowed the
    // server's script becomes the server itself, and its process id is the one we have. A word through the pipe is
    // another signal to stop it with.
    private const string SupervisorScript =
        """
        exec 3<&0 >>"$1/start.log" 2>&1
        folder=$1 temporary=$2
        export HOME="$folder" ERL_EPMD_PORT="$3" ERL_EPMD_ADDRESS=127.0.0.1
        export RABBITMQ_NODENAME=kilde@localhost RABBITMQ_NODE_PORT="$4" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
        export RABBITMQ_DIST_PORT="$5" RABBITMQ_CONF_ENV_FILE=/dev/null RABBITMQ_CONFIG_FILE="$folder/rabbitmq.conf"
        export RABBITMQ_MNESIA_BASE="$folder/mnesia" RABBITMQ_MNESIA_DIR="$folder/mnesia/node"
        export RABBITMQ_LOG_BASE="$folder/log" RABBITMQ_ENABLED_PLUGINS_FILE="$folder/enabled_plugins"
        export RABBITMQ_ALLOW_INPUT=1
        export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-noinput -kernel inet_dist_use_interface {127,0,0,1}"
        epmd -port "$3" -address 127.0.0.1 </dev/null 3<&- &
        names=$!
        "$6" </dev/null 3<&- &
        server=$!
        ( read -r word; kill -"${word:-$7}" $server ) <&3 &
        guard=$!
        wait $server
        kill $guard $names
        [ -z "$temporary" ] || rm -rf -- "$temporary"
        """;

    // The port opens before the server is ready; an answer to the greeting of AMQP 0-9-1 tells that it is.
    private static async Task<bool> AnswersAsync(int port, Process supervisor, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!supervisor.HasExited && TimeProvider.System.GetElapsedTime(started) < StartSecondsMax)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
                var stream = client.GetStream();
                await stream.WriteAsync(Greeting, cancellation);
                if (await stream.ReadAsync(new byte[1].AsMemory(), cancellation) == 1) return true;
            }
            catch (Exception exception) when (exception is SocketException or IOException)
            {
                // Not yet.
            }

            await Task.Delay(PollInterval, cancellation);
        }

        return false;
    }

    private static string EndOfLog(string folder)
    {
        var lines = ((string[])["start.log", "rabbitmq.log"]).Select(name => Path.Combine(folder, name))
            .Where(File.Exists).SelectMany(file => File.ReadLines(file).TakeLast(5));
        return string.Join('\n', lines);
    }
}
