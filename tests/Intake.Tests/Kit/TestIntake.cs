using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Intake.Admission;
using Kilde.Intake.Log;
using Kilde.Intake.Merging;
using Kilde.Kernel;
using Kilde.Platform.Keys;
using Kilde.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Tests.Kit;

/// <summary>Intake on databases of the test's own; several nodes of it when asked for.</summary>
public sealed class TestIntake : IAsyncDisposable
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("kilde_keys_");
    private readonly List<IAsyncDisposable> _nodes = [];

    private TestIntake(TestDatabases databases, IntakeOptions options)
    {
        Databases = databases;
        Options = options;
        Log = NewNode();
    }

    internal static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public TestDatabases Databases { get; }

    public IntakeOptions Options { get; }

    public FixedClock Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    /// <summary>The first node.</summary>
    public IntakeLog Log { get; }

    internal IKeyStore Keys => field ??= new FileKeyStore(_keys.FullName);

    internal AuditLog Audit => field ??= new AuditLog(Keys, TimeProvider.System, new AuditOptions());

    internal PayloadCipher Cipher =>
        field ??= new PayloadCipher(Databases.Register, Keys, Clock, Microsoft.Extensions.Options.Options.Create(
            Options));

    internal MergeSignal Signal => field ??= new MergeSignal(Databases.Register, TimeProvider.System);

    public static async Task<TestIntake> StartAsync(PostgresServer postgres, IntakeOptions? options = null) =>
        new(await postgres.NewDatabasesAsync(), options ?? new IntakeOptions());

    /// <summary>The gate of all nodes. Tests store without passing it, unless they take places.</summary>
    internal AdmissionGate Gate =>
        field ??= new AdmissionGate(Microsoft.Extensions.Options.Options.Create(Options), Clock);

    /// <summary>Another node on the same database.</summary>
    public IntakeLog NewNode()
    {
        var node = new IntakeLog(
            Databases.Register, Audit, Cipher, Gate, Signal, Clock,
            Microsoft.Extensions.Options.Options.Create(Options), NullLogger<IntakeLog>.Instance);
        _nodes.Add(node);
        return node;
    }

    public async Task<T> OneAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return await connection.QuerySingleAsync<T>(sql, parameters);
    }

    public async Task<IReadOnlyList<T>> AllAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Databases.Register.Source.OpenConnectionAsync(Cancellation);
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    /// <summary>Ends every connection of the platform, as when the server fails over.</summary>
    public async Task EndConnectionsAsync()
    {
        await using var connection = await Databases.RegisterAsSuperuserAsync();
        await connection.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            + "where datname = current_database() and usename = 'kilde_register'");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
        Cipher.Dispose();
        Signal.Dispose();
        await Databases.DisposeAsync();
        _keys.Delete(recursive: true);
    }
}

/// <summary>Messages as the protocol would hand them over.</summary>
internal static class Messages
{
    public static readonly OrganizationNumber UnitA = OrganizationNumber.Parse("910000012");
    public static readonly OrganizationNumber UnitB = OrganizationNumber.Parse("910000020");
    public static readonly OrganizationNumber Vendor = OrganizationNumber.Parse("910000039");

    public static DefinitionCatalogue Catalogue { get; } = RepositoryDefinitions.Catalogue;

    public static MessageType Consultation { get; } = Catalogue.Find("HST_Konsultasjon", "1")!;

    /// <summary>
    /// The one kind of record of the type, with one column: all that the tests' own notation can say.
    /// </summary>
    public static RecordType Records => Consultation.RecordTypes[0];

    private static int _proofs;

    public static Submitter Sender { get; } = new(
        UnitA, SubUnit: null, Vendor, "client-1", "Leverandør AS", "Journal", "1.2", "3.4", new DateOnly(2026, 3, 1));

    /// <summary>
    /// A message in the test's own notation: <c>1=10 2=20 -3</c> sends records 1 and 2 and deletes 3.
    /// </summary>
    public static AcceptedMessage Message(
        string content, Submitter? sender = null, string? proof = null, DateTimeOffset? at = null)
    {
        var payload = Encoding.UTF8.GetBytes(content);
        return new AcceptedMessage(
            Guid.CreateVersion7(), "slash", sender ?? Sender, Consultation, payload, SHA256.HashData(payload), Proof(
                proof),
            content.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, [], at ?? At,
            [new StepTiming("read", 120)]);
    }

    public static RefusedMessage Refused(int code, string? proof = null) => new(
        Guid.CreateVersion7(), "slash", Sender, Consultation.Name, Consultation.Version, code, 10, PayloadHash: null,
            Proof(proof),
        [new Finding("STR-001", Severity.Error, "/0/verdi", "Verdien mangler.")], At);

    public static Submitter From(OrganizationNumber unit, DateOnly? extractedOn = null) =>
        Sender with { Unit = unit, ExtractedOn = extractedOn ?? Sender.ExtractedOn };

    private static DateTimeOffset At { get; } = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private static UsedProof Proof(string? proof) => new(
        proof ?? string.Create(CultureInfo.InvariantCulture, $"thumb:{Interlocked.Increment(ref _proofs)}"),
        At.AddMinutes(5));
}
