using Dapper;
using Kilde.Audit;
using Kilde.Platform.Keys;
using Kilde.Quality.Cases;
using Kilde.Quality.Documents;
using Kilde.Quality.Overview;
using Kilde.Quality.Sending;
using Kilde.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Quality.Tests.Kit;

/// <summary>The module on a database of the test's own, with a clock that stands still.</summary>
internal sealed class TestQuality : IAsyncDisposable
{
    private readonly TestDatabases _databases;
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("kilde-quality-tests-");
    private readonly ServiceProvider _services;

    private TestQuality(TestDatabases databases, int? mailPort)
    {
        _databases = databases;
        Dictionary<string, string?> settings = new()
        {
            ["Quality:SendAttemptsMax"] = "3", ["Quality:ActivityFolder"] = TestForms.Folder,
            ["Quality:CalendarFolder"] = Repository.At("definitions", "calendar"),
        };
        if (mailPort is { } port)
        {
            settings["Quality:Smtp:Host"] = "127.0.0.1";
            settings["Quality:Smtp:Port"] = $"{port}";
            settings["Quality:Smtp:UsesTls"] = "false";
            settings["Quality:Smtp:From"] = "kilde@register.example";
        }

        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddLogging();
        services.AddSingleton(databases.Register);
        services.AddSingleton<IKeyStore>(new FileKeyStore(Path.Combine(_keys.FullName, "keys")));
        services.AddSingleton(new VaultKeys(new FileKeyStore(Path.Combine(_keys.FullName, "vault-keys"))));
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton(TestForms.Catalogue);
        services.AddSingleton<IRegisterCounts>(Counts);
        services.AddAudit().AddQuality();
        services.AddSingleton<SendOutbox>().AddSingleton<FollowCases>().AddSingleton<RemoveExpired>();
        _services = services.BuildServiceProvider();
    }

    public NoRegisterCounts Counts { get; } = new();

    public FixedClock Clock { get; } = new(Cases.Received.AddMinutes(5));

    public RecordCase Record => Get<RecordCase>();

    public SendOutbox Outbox => Get<SendOutbox>();

    public FindFeedback Feedback => Get<FindFeedback>();

    public LetterBox Letters => Get<LetterBox>();

    public static async Task<TestQuality> StartAsync(PostgresServer postgres, int? mailPort = null) =>
        new(await postgres.NewDatabasesAsync(), mailPort);

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public Task<bool> RecordAsync(FeedbackCase subject) => Record.RecordAsync(subject, Cancellation);

    /// <summary>Sends all that may be sent now.</summary>
    public async Task<int> SendAllAsync()
    {
        var sent = 0;
        while (await Outbox.StepAsync(Cancellation)) sent++;
        return sent;
    }

    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql)
    {
        await using var connection = await _databases.Register.Source.OpenConnectionAsync(Cancellation);
        return [.. await connection.QueryAsync<T>(sql)];
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _databases.DisposeAsync();
        _keys.Delete(recursive: true);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}

/// <summary>No register beside the module: what it would have counted is told by the test.</summary>
internal sealed class NoRegisterCounts : IRegisterCounts
{
    public PairCounts? Pair { get; set; }

    public Task<RegisterCounts?> CountAsync(FeedbackCase subject, CancellationToken cancellation) =>
        Task.FromResult<RegisterCounts?>(null);

    public Task<PairCounts?> CountPairAsync(FeedbackCase subject, CancellationToken cancellation) =>
        Task.FromResult(Pair);
}
