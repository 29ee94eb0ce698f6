using Kilde.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kilde.Platform.Tests.Telemetry;

public class QuietLogTests(PostgresServer postgres)
{
    private const string Value = "02813299952";

    [Fact]
    public async Task A_fault_of_the_database_is_logged_by_code_and_table_and_never_by_its_words()
    {
        var refused = await RefusedAsync("insert into intake.sender_version values (false, 1)");
        var quoted = await RefusedAsync($"select 'x{Value}'::int");
        quoted.ToString().ShouldContain(Value);

        var log = Logged(
            refused, quoted, new InvalidOperationException(quoted.Message, quoted),
            new AggregateException(quoted, new TimeoutException("x")));

        log.ShouldNotContain(Value);
        log.ShouldContain("PostgresException 22P02");
        log.ShouldContain("PostgresException 23514, table intake.sender_version");
        log.ShouldContain("constraint sender_version_only_row_ck");
        log.ShouldContain("at Npgsql.");
        log.ShouldContain(nameof(TimeoutException));
    }

    [Fact]
    public void Other_faults_are_logged_as_they_are() =>
        Logged(new InvalidOperationException("as it is")).ShouldContain("as it is");

    // As every module and the framework get their loggers.
    private static string Logged(params Exception[] faults)
    {
        var lines = new Lines();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(lines));
        services.AddPlatform();
        using var provider = services.BuildServiceProvider();
        var logger = provider.GetRequiredService<ILogger<QuietLogTests>>();
        foreach (var fault in faults) Log.Failed(logger, fault);
        return lines.Text.ToString();
    }

    private async Task<PostgresException> RefusedAsync(string statement)
    {
        await using var databases = await postgres.NewDatabasesAsync();
        await using var command = databases.Register.Source.CreateCommand(statement);
        return await Should.ThrowAsync<PostgresException>(() =>
            command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public System.Text.StringBuilder Text { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Text.AppendLine(formatter(state, exception)).AppendLine($"{exception?.Message} {exception}");

        public void Dispose()
        {
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "It failed")]
    public static partial void Failed(ILogger logger, Exception fault);
}
