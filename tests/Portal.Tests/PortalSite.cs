using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Identity;
using Kilde.Intake;
using Kilde.Kernel;
using Kilde.Platform;
using Kilde.Platform.Databases;
using Kilde.Platform.Development;
using Kilde.Platform.Keys;
using Kilde.Platform.SignIn;
using Kilde.Quality;
using Kilde.Quality.Calendar;
using Kilde.Register;
using Kilde.Register.Merging;
using Kilde.Register.Tables;
using Kilde.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kilde.Portal.Tests;

/// <summary>
/// The portal on Kestrel, on real PostgreSQL, with the real test identity provider, filled with a synthetic day.
/// One for the whole test run.
/// </summary>
public sealed class PortalSite(PostgresServer postgres) : IAsyncLifetime
{
    public const string StaffId = "ansatt";
    public const string SenderId = "avsender";
    public const string OtherSenderId = "annen-avsender";
    public const string AuditorId = "revisor";
    public const string VendorId = "leverandor";
    public const string NobodyId = "ingen-rolle";
    public const string PartId = "del-av-enhet";
    public const string SmallPartId = "liten-del";
    public const string DistrictId = "bydel";
    public const string HospitalSiteId = "behandlingssted";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-portal-tests-");
    private readonly ConcurrentDictionary<string, CookieCollection> _sessions = new();
    private TestDatabases? _databases;
    private TestIdentityProvider? _identityProvider;
    private WebApplication? _app;

    public Uri Address { get; private set; } = null!;

    public SyntheticDay Day { get; private set; } = null!;

    public SyntheticFeedback Feedback { get; private set; } = null!;

    public SyntheticFindings Findings { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    public string CookieKeyFolder => Path.Combine(_folder.FullName, "cookies");

    public TestDatabases Databases => _databases!;

    public string Issuer => _identityProvider!.Issuer;

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        _databases = await postgres.NewWholeDatabasesAsync();
        _identityProvider = await TestIdentityProvider.StartAsync(
            new TestIdentitySetup([], [], Users), Repository.At("tools"), cancellation);
        var secret = Path.Combine(_folder.FullName, "client-secret");
        await File.WriteAllTextAsync(secret, "only-for-tests-0123456789abcdef", cancellation);

        _app = Build(new() { ["SignIn:ClientSecretFile"] = secret });
        await _app.StartAsync(cancellation);
        Address = new Uri(_app.Urls.Single());
        _identityProvider.Add(new TestPortal(
            "kilde-portal", [new Uri(Address, "/logg-inn/retur").ToString()], [Address.ToString()],
            Secret: "only-for-tests-0123456789abcdef"));
        Day = await SyntheticDay.SendAsync(Services, cancellation);
        Feedback = await SyntheticFeedback.SendAsync(Services, cancellation);
        Findings = await SyntheticFindings.MeasureAsync(Services, cancellation);
        await SyntheticFigures.CountAsync(Services, cancellation);
        await SyntheticPopulation.TellAsync(Services, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        if (_identityProvider is not null) await _identityProvider.DisposeAsync();
        if (_databases is not null) await _databases.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>What a unit sends, merged as intake would.</summary>
    public async Task MergeAsync(MessageType type, OrganizationNumber unit, string message)
    {
        var today = DateOnly.FromDateTime(Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        var content = Services.GetRequiredService<DefinitionCatalogue>().ReaderOf(type).Read(
            Encoding.UTF8.GetBytes(message), new ReadOptions(PersonIdentifierPolicy.Test, today));
        content.IsAccepted.ShouldBeTrue(string.Join('\n', content.Findings));
        await Services.GetRequiredService<RegisterMerge>().MergeAsync(
            [new SubmissionContent(Guid.CreateVersion7(), unit, today, content)], (_, _) => Task.CompletedTask,
            TestContext.Current.CancellationToken);
    }

    /// <summary>
    /// The same portal once more, that proves itself to the provider by a key: <c>private_key_jwt</c>. The caller
    /// disposes it.
    /// </summary>
    /// <param name="known">The public key that the provider knows it by.</param>
    public async Task<WebApplication> StartWithKeyAsync(string clientId, string privatePem, JsonObject known)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var file = Path.Combine(_folder.FullName, clientId + ".pem");
        await File.WriteAllTextAsync(file, privatePem, cancellation);
        var app = Build(new() { ["SignIn:ClientKeyFile"] = file, ["SignIn:ClientId"] = clientId });
        await app.StartAsync(cancellation);
        _identityProvider!.Add(new TestPortal(
            clientId, [new Uri(new Uri(app.Urls.Single()), "/logg-inn/retur").ToString()], PublicKey: known));
        return app;
    }

    /// <summary>
    /// A client with cookies of its own; not signed in when no user is given. A user signs in once for all tests, and
    /// each client takes up that session.
    /// </summary>
    public async Task<HttpClient> ClientAsync(string? userId = null, bool followsRedirects = true)
    {
        var cookies = new CookieContainer();
        if (userId is not null) cookies.Add(await SessionAsync(userId));
        return NewClient(cookies, followsRedirects);
    }

    private async Task<CookieCollection> SessionAsync(string userId)
    {
        if (_sessions.TryGetValue(userId, out var known)) return known;

        var cookies = new CookieContainer();
        using var client = NewClient(cookies, followsRedirects: true);
        var choose = await client.GetAsync("/logg-inn", TestContext.Current.CancellationToken);
        using var form = new FormUrlEncodedContent([new("user", userId)]);
        var landed = await client.PostAsync(
            choose.RequestMessage!.RequestUri, form, TestContext.Current.CancellationToken);
        landed.StatusCode.ShouldBe(HttpStatusCode.OK);
        landed.RequestMessage!.RequestUri!.Authority.ShouldBe(Address.Authority);
        return _sessions[userId] = cookies.GetCookies(Address);
    }

    private HttpClient NewClient(CookieContainer cookies, bool followsRedirects)
    {
        var client = new HttpClient(new HttpClientHandler
        {
            CookieContainer = cookies,
            AllowAutoRedirect = followsRedirects,
        })
        {
            BaseAddress = Address,
        };
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return client;
    }

    private static IReadOnlyList<TestUser> Users { get; } =
    [
        User(StaffId, "Randi Registersen", "Registermedarbeider", ("role", "staff")),
        User(SenderId, "Sander Sendersen", "Avsender", ("role", "sender"), ("unit", SyntheticDay.OwnUnit.ToString())),
        User(OtherSenderId, "Selma Sendersen", "Avsender for en kommune", ("role", "sender"),
            ("unit", SyntheticDay.MunicipalUnit.ToString())),
        User(AuditorId, "Revy Revisor", "Revisor", ("role", "auditor")),
        User(VendorId, "Vidar Vendor", "Leverandør", ("role", "vendor"), ("unit", SyntheticDay.OwnVendor.ToString())),
        User(PartId, "Delia Delsen", "Enhet i kommunen", ("role", "sender"),
            ("unit", SyntheticDay.OwnUnit.ToString()), ("part", SyntheticFigures.Part)),
        User(SmallPartId, "Lita Lillesen", "Liten enhet i kommunen", ("role", "sender"),
            ("unit", SyntheticDay.OwnUnit.ToString()), ("part", SyntheticFigures.SmallPart)),
        User(DistrictId, "Bydis Bydelsen", "Bydel", ("role", "sender"), ("unit", SyntheticDay.OwnUnit.ToString()),
            ("part", SyntheticFigures.District)),
        User(HospitalSiteId, "Stella Stedsen", "Behandlingssted i et helseforetak", ("role", "sender"),
            ("unit", SyntheticFigures.Trust.ToString()), ("part", SyntheticFigures.Site)),
        User(NobodyId, "Ingen Rollesen", "Uten rolle"),
    ];

    private static TestUser User(
        string id, string name, string description, params (string Name, string Value)[] claims) =>
        new(id, name, description, claims.ToDictionary(claim => claim.Name, claim => claim.Value));

    private WebApplication Build(Dictionary<string, string?> client)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Platform:RegisterConnection"] = _databases!.Logins.Register,
            ["Platform:IdentityConnection"] = _databases.Logins.Identity,
            ["Platform:KeyFolder"] = Path.Combine(_folder.FullName, "keys"),
            ["Platform:VaultKeyFolder"] = Path.Combine(_folder.FullName, "vault-keys"),
            ["SignIn:Issuer"] = _identityProvider!.Issuer,
            ["Tokens:Issuer"] = _identityProvider.Issuer,
            ["SignIn:CookieKeyFolder"] = CookieKeyFolder,
            ["Portal:IsTestEnvironment"] = "true",
            ["Portal:PageRowsMax"] = "25",
            ["Quality:CalendarFolder"] = Repository.At("definitions", "calendar"),
            ["Quality:ActivityFolder"] = Repository.At("definitions", "activity"),
        });
        builder.Configuration.AddInMemoryCollection(client);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_databases.Register);
        builder.Services.AddSingleton(_databases.Identity);
        builder.Services.AddSingleton(PersonIdentifierPolicy.Test);
        builder.Services.AddSingleton(RepositoryDefinitions.Catalogue);
        builder.Services.AddSingleton<IReportingObligations, TestObligations>();
        builder.Services.AddPlatform().AddAudit().AddIdentity().AddRegister().AddIntake().AddQuality()
            .AddPortal();

        var app = builder.Build();
        app.UsePortal();
        app.MapPortal();
        app.MapGet("/feiler", string () => throw new InvalidOperationException("on purpose"));
        return app;
    }
}
