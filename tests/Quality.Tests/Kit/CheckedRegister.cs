using System.Text;
using Dapper;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Reading;
using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Platform.Keys;
using Kilde.Quality.Calendar;
using Kilde.Quality.Checks;
using Kilde.Quality.Figures;
using Kilde.Quality.Returning;
using Kilde.Quality.Sending;
using Kilde.Register;
using Kilde.Register.Merging;
using Kilde.Register.Tables;
using Kilde.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Quality.Tests.Kit;

/// <summary>A real register with one small type of record, and two checks that follow it.</summary>
internal sealed class CheckedRegister : IAsyncDisposable
{
    public const string HoursPerPerson = "KPR-PRV-001";
    public const string RecordsPerYear = "KPR-PRV-002";

    private readonly TestDatabases _databases;
    private readonly DirectoryInfo _folder;
    private readonly ServiceProvider _services;

    private CheckedRegister(
        TestDatabases databases, DirectoryInfo folder, string definitions, DefinitionCatalogue catalogue,
        IReportingObligations? obligations)
    {
        (_databases, _folder) = (databases, folder);
        Dictionary<string, string?> settings = new()
        {
            ["Register:Partitions"] = "2",
            ["Quality:CalendarFolder"] = Path.Combine(definitions, "calendar"),
        };
        var services = new ServiceCollection();
        if (obligations is not null) services.AddSingleton(obligations);
        _services = services
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddLogging()
            .AddSingleton(databases.Register)
            .AddSingleton(databases.Identity)
            .AddSingleton<IKeyStore>(new FileKeyStore(Path.Combine(folder.FullName, "keys")))
            .AddSingleton(new VaultKeys(new FileKeyStore(Path.Combine(folder.FullName, "vault-keys"))))
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton(catalogue)
            .AddAudit().AddIdentity().AddRegister().AddQuality()
            .AddSingleton<FollowChanges>()
            .AddSingleton<FollowFigures>()
            .AddSingleton<MakeReturns>().AddSingleton<SendOutbox>().AddSingleton<RemoveExpired>()
            .BuildServiceProvider();
    }

    public FixedClock Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    public RunChecks Run => Get<RunChecks>();

    public FollowChanges Follow => Get<FollowChanges>();

    public static Task<CheckedRegister> StartAsync(PostgresServer postgres) =>
        StartAsync(postgres, CheckedDefinitions.Files);

    /// <param name="files">The definitions, by path within their folder.</param>
    public static async Task<CheckedRegister> StartAsync(
        PostgresServer postgres, IReadOnlyDictionary<string, string> files)
    {
        var folder = Directory.CreateTempSubdirectory("kilde-checks-");
        foreach (var (file, text) in files)
        {
            var path = Path.Combine(folder.FullName, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text, Cancellation);
        }

        var register = new CheckedRegister(
            await postgres.NewDatabasesAsync(), folder, folder.FullName, DefinitionCatalogue.Load(folder.FullName),
            obligations: null);
        await register.Get<RegisterTables>().EnsureAsync(
            register._databases.RegisterOwner, register.Get<DefinitionCatalogue>(), Cancellation);
        return register;
    }

    /// <summary>A register of everything the repository defines, empty.</summary>
    /// <param name="obligations">Who has to send; null for nobody.</param>
    public static async Task<CheckedRegister> StartWholeAsync(
        PostgresServer postgres, IReportingObligations? obligations = null) => new(
        await postgres.NewWholeDatabasesAsync(), Directory.CreateTempSubdirectory("kilde-checks-"),
        RepositoryDefinitions.Folder, RepositoryDefinitions.Catalogue, obligations);

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public Check CheckOf(string id) => Run.Checks.Single(check => check.Id == id);

    /// <summary>Merges one message of a type in its first version, as intake would.</summary>
    public async Task TakeInAsync(OrganizationNumber sender, string json, string type = "Prove_Tjeneste")
    {
        var options = new ReadOptions(PersonIdentifierPolicy.Test, new DateOnly(2026, 3, 2));
        var content = Get<DefinitionCatalogue>().FindReader(type, "1")!
            .Read(Encoding.UTF8.GetBytes(json), options);
        content.IsAccepted.ShouldBeTrue(string.Join('\n', content.Findings));
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Get<RegisterMerge>().MergeAsync(
            [new SubmissionContent(Guid.CreateVersion7(), sender, new DateOnly(2026, 3, 1), content)],
            (_, _) => Task.CompletedTask, Cancellation);
    }

    /// <summary>Merges the one service of the test person, with so many hours, and checks what has changed.</summary>
    public async Task TakeInHoursAsync(int hours)
    {
        await TakeInAsync(
            TestReporters.Sender,
            $$"""
            [{ "orgNr": "{{TestReporters.Sender}}", "tjeneste": [{ "tjenesteId": "T-1", "startDato": "2024-06-01",
               "timer": {{hours}}, "person": { "fodselsNr": "{{TestReporters.Person}}" } }] }]
            """);
        await FollowAllAsync();
    }

    /// <summary>Merges one XML message of a whole year, as intake would.</summary>
    public async Task TakeInYearAsync(OrganizationNumber sender, string message)
    {
        var options = new ReadOptions(PersonIdentifierPolicy.Test, new DateOnly(2026, 3, 2));
        using var xml = DefinitionCatalogue.ReadXml(new MemoryStream(Encoding.UTF8.GetBytes(message)));
        xml.MoveToContent();
        using var reading = Get<DefinitionCatalogue>().OpenXml(xml, options).Reading.ShouldNotBeNull();
        Clock.Advance(TimeSpan.FromMinutes(1));
        var outcome = await Get<StreamedMerge>().MergeAsync(
            new SubmissionReading(Guid.CreateVersion7(), sender, new DateOnly(2026, 3, 1), reading),
            (_, _) => Task.CompletedTask, Cancellation);
        outcome.ShouldNotBeNull(string.Join('\n', reading.Outcome.Findings));
    }

    /// <summary>Checks all that has changed, also of units' years.</summary>
    public async Task FollowAllAsync()
    {
        await FollowAsync();
        Clock.Advance(FollowChanges.UnitPause);
        await FollowAsync();
    }

    /// <summary>Checks what is checked at once.</summary>
    public async Task FollowAsync()
    {
        while (await Follow.StepAsync(Cancellation))
        {
        }
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await _databases.Register.Source.OpenConnectionAsync(Cancellation);
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    public async Task<IReadOnlyList<T>> QueryVaultAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await _databases.Identity.Source.OpenConnectionAsync(Cancellation);
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    /// <summary>Holds what the named work is done under, until disposed, as another process that does it.</summary>
    public async Task<IAsyncDisposable> HoldAsync(string work)
    {
        var connection = await _databases.Register.Source.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync("select pg_advisory_lock(hashtextextended(@work, 0))", new { work });
        return connection;
    }

    /// <summary>Lets nobody write to the table until disposed.</summary>
    public async Task<IAsyncDisposable> HoldTableAsync(string table)
    {
        var connection = await _databases.Register.Source.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync($"begin; lock table {table} in exclusive mode");
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _databases.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
