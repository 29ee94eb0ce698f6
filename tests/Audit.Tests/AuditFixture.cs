using Kilde.Audit.Verification;
using Kilde.Platform.Keys;
using Kilde.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Kilde.Audit.Tests;

/// <summary>A log in a database of the test's own, with everything that writes to it and checks it.</summary>
internal sealed class AuditFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-audit-");

    public AuditFixture(TestDatabases databases, int stripes = 2, string anchorFile = "")
    {
        Databases = databases;
        Keys = new FileKeyStore(Path.Combine(_folder.FullName, "keys"));
        var options = new AuditOptions
        {
            Writer = "test",
            Stripes = stripes,
            AnchorFile = anchorFile.Length == 0 ? "" : Path.Combine(_folder.FullName, anchorFile),
        };
        Log = new AuditLog(Keys, Clock, options);
        Checkpoints = new MakeCheckpoint(Keys, Clock, options);
        Verifier = new AuditVerifier(Keys, options);
        Store = new AuditStore(AuditStore.Register, databases.Register.Source);
    }

    public TestDatabases Databases { get; }

    public FileKeyStore Keys { get; }

    public FixedClock Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public AuditLog Log { get; }

    public MakeCheckpoint Checkpoints { get; }

    public AuditVerifier Verifier { get; }

    public AuditStore Store { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static AuditEntry Entry(int number) => new(
        new AccessGround(new Actor("user", $"staff-{number % 3}"), "kontroll", number % 2 == 0 ? "26/1" : null),
        number % 4 == 0 ? "identity.reveal" : "submission.received", $"subject-{number}", number,
        number % 3 == 0 ? """{"rows":3}""" : null);

    public async Task AppendAsync(params AuditEntry[] entries)
    {
        await using var connection = await Databases.Register.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await Log.AppendAsync(transaction, entries, Cancellation);
        await transaction.CommitAsync(Cancellation);
    }

    public Task<long?> CheckpointAsync() => Checkpoints.HandleAsync(Store, Cancellation);

    public Task<AuditVerification> VerifyAsync() => Verifier.VerifyAsync(Store, Cancellation);

    public async Task TamperAsync(string sql)
    {
        await using var connection = await Databases.RegisterAsSuperuserAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Databases.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
