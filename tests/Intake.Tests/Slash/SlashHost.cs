using System.Net;
using System.Security.Cryptography;
using Dapper;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Intake.Senders;
using Kilde.Intake.Slash;
using Kilde.Intake.Slash.Keys;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Platform.Development;
using Kilde.Platform.Keys;
using Kilde.Register;
using Kilde.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Tests.Slash;

/// <summary>The API on a real Kestrel socket, with the real identity provider and a real database.</summary>
public sealed class SlashHost(PostgresServer postgres) : IAsyncLifetime
{
    public const string Client = "standard-client";
    public const string OtherClient = "another-client";
    public const string VendorClient = "vendor-client";
    public const string NamelessClient = "client-without-unit";

    public static readonly OrganizationNumber Unit = OrganizationNumber.Parse("974760673");
    public static readonly OrganizationNumber Vendor = OrganizationNumber.Parse("983744516");

    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("kilde_slash_");
    private TestDatabases? _databases;
    private TestIdentityProvider? _identity;
    private WebApplication? _app;

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(60) };

    public Uri Address { get; private set; } = null!;

    public string Issuer => _identity!.Issuer;

    public string ExpiredKeyId { get; private set; } = null!;

    public RegisterDatabase Register => _databases!.Register;

    public IServiceProvider Services => _app!.Services;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public StandardClient NewClient(string clientId = Client) => new(Http, Address, Issuer, clientId);

    public async Task<long> CountAsync(string state)
    {
        await using var connection = await _databases!.Register.Source.OpenConnectionAsync(Cancellation);
        return await connection.QuerySingleAsync<long>(
            "select count(*) from intake.submission where state = @state", new { state });
    }

    public async Task<bool> IsStoredAsync(StandardReply reply)
    {
        await using var connection = await _databases!.Register.Source.OpenConnectionAsync(Cancellation);
        return await connection.QuerySingleAsync<bool>(
            "select exists (select 1 from intake.submission where correlation_id = @CorrelationId)",
            new { reply.CorrelationId });
    }

    public Task ConfigureAsync(OrganizationNumber unit, params string[] types) =>
        Services.GetRequiredService<ConfigureSender>().ConfigureAsync(
            new SenderConfiguration(
                unit, "Testsund helsestasjon", Enterprise: null, [], [new SenderVendor(Vendor)],
                [.. types.Select(type => new Obligation(type, new DateOnly(2020, 1, 1)))]),
            new AccessGround(Actor.System("test"), "test"), Cancellation);

    /// <summary>Another node beside this one, with other databases if told to.</summary>
    internal Task<WebApplication> StartNodeAsync(RegisterDatabase register, params (string, string)[] settings) =>
        StartNodeAsync(register, _ => { }, settings);

    /// <param name="add">Adds what the host has from other modules.</param>
    internal async Task<WebApplication> StartNodeAsync(
        RegisterDatabase register, Action<IServiceCollection> add, params (string, string)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Tokens:Issuer"] = Issuer,
            ["Intake:Slash:BodySecondsMax"] = "2",
            ["Intake:Slash:TakesTestTypes"] = "true",
        });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create(setting.Item1, (string?)setting.Item2)));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            SlashRequests.Limit(kestrel);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(register);
        builder.Services.AddSingleton(_databases!.Identity);
        builder.Services.AddSingleton<IKeyStore>(new FileKeyStore(_keys.FullName));
        builder.Services.AddSingleton(RepositoryDefinitions.Catalogue);
        builder.Services.AddSingleton(PersonIdentifierPolicy.Test);
        builder.Services.AddAudit();
        builder.Services.AddRegister();
        builder.Services.AddIntake();
        add(builder.Services);
        var app = builder.Build();
        app.UseSlashRequests();
        app.MapSlash();
        await app.StartAsync(Cancellation);
        return app;
    }

    public async ValueTask InitializeAsync()
    {
        _databases = await postgres.NewDatabasesAsync();
        var tools = Repository.At("tools");
        Assert.SkipUnless(Directory.Exists(Path.Combine(tools, "node_modules")), "npm ci has not been run in tools/.");
        _identity = await TestIdentityProvider.StartAsync(
            new TestIdentitySetup(
                [
                    new TestMachine(Client, StandardClient.PublicKey, new TestOrganization(Unit.ToString())),
                    new TestMachine(OtherClient, StandardClient.PublicKey, new TestOrganization(Unit.ToString())),
                    new TestMachine(
                        VendorClient, StandardClient.PublicKey,
                        new TestOrganization(Parent: null, Child: null, Vendor.ToString()), MultiTenant: true),
                    new TestMachine(NamelessClient, StandardClient.PublicKey, new TestOrganization(Parent: null)),
                ],
                [], []),
            tools, Cancellation);

        ExpiredKeyId = await MakeExpiredKeyAsync();
        _app = await StartNodeAsync(_databases.Register);
        Address = new Uri(_app.Urls.Single());
        await ConfigureAsync(Unit, "HST_Avtale", "HST_Konsultasjon");
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (_app is not null) await _app.DisposeAsync();
        if (_identity is not null) await _identity.DisposeAsync();
        if (_databases is not null) await _databases.DisposeAsync();
        _keys.Delete(recursive: true);
    }

    // Made by the platform itself, a year ago.
    private async Task<string> MakeExpiredKeyAsync()
    {
        var clock = new FixedClock(TimeProvider.System.GetUtcNow().AddYears(-1));
        var store = new SlashKeyStore(
            _databases!.Register, new FileKeyStore(_keys.FullName), Options.Create(new SlashOptions()), clock);
        await store.RotateAsync(always: true, Cancellation);
        return (await store.ReadAsync(Cancellation)).Single().Id;
    }

    /// <summary>A sound message of one appointment, of a person who does not exist.</summary>
    public static string Message(string id = "avtale-1", string person = "", string extra = "") =>
        $$$"""
        [{"orgNr":{{{Unit}}},"kommuneNr":1120,"avtale":[{"avtaleId":"{{{id}}}","datoTid":"2026-03-02T10:00:00+01:00",
        "oppmoteStatus":1,"person":{"personId":"lokal-1"{{{person}}}}{{{extra}}}}]}]
        """;

    public static byte[] Random(int bytes) => RandomNumberGenerator.GetBytes(bytes);
}
