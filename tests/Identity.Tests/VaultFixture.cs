using Kilde.Audit;
using Kilde.Audit.Verification;
using Kilde.Identity.Crypto;
using Kilde.Identity.Linking;
using Kilde.Kernel;
using Kilde.Platform.Keys;
using Kilde.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace Kilde.Identity.Tests;

/// <summary>A vault of the test's own; <see cref="Restarted"/> is the same with nothing cached.</summary>
internal sealed class VaultFixture : IAsyncDisposable
{
    public static readonly AccessGround Reporting = new(Actor.System("test"), "Mottak");
    public static readonly AccessGround StaffCase = new(new Actor("user", "staff-1"), "Retting", "26/17");
    public static readonly OrganizationNumber Sender = OrganizationNumber.Parse("312701103");
    public static readonly OrganizationNumber OtherSender = OrganizationNumber.Parse("310211036");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-vault-");
    private readonly AuditLog _audit;

    public VaultFixture(TestDatabases databases)
    {
        Databases = databases;
        Keys = new FileKeyStore(Path.Combine(_folder.FullName, "keys"));
        _audit = new AuditLog(Keys, Clock, new AuditOptions());
        var dataKeys = new DataKeys(Keys, Clock);
        var decryption = new LoggedDecryption(dataKeys, _audit);
        Vault = Restarted();
        Links = new LinkPersons(databases.Identity, _audit, Clock);
        Candidates = new LinkCandidates(databases.Identity, _audit, Clock);
        Reveal = new RevealPersons(databases.Identity, decryption);
        Rotate = new RotateKeys(databases.Identity, Keys, dataKeys, decryption, _audit);
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public TestDatabases Databases { get; }

    public FileKeyStore Keys { get; }

    public FixedClock Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public IdentityVault Vault { get; }

    public LinkPersons Links { get; }

    public LinkCandidates Candidates { get; }

    public RevealPersons Reveal { get; }

    public RotateKeys Rotate { get; }

    public IdentityVault Restarted() => new(Databases.Identity, Keys, _audit, Clock, new IdentityOptions());

    /// <summary>A synthetic fødselsnummer (month + 80), different for each number.</summary>
    public static PersonIdentifier National(int number) => Numbers.At(number, isDNumber: false);

    /// <summary>A synthetic D-number.</summary>
    public static PersonIdentifier DNumber(int number) => Numbers.At(number, isDNumber: true);

    public static IdentifierClaim Claim(params PersonIdentifier[] numbers) => new(
        new RowPerson(numbers.Length > 0 ? numbers[0] : default, numbers.Length > 1 ? numbers[1..] : null), Sender);

    public static IdentifierClaim Local(string localId, PersonIdentifier number = default) =>
        new(new RowPerson(number, LocalId: localId), Sender);

    public async Task<ResolvedPerson> ResolveAsync(IdentifierClaim claim) =>
        (await Vault.ResolveAsync([claim], Reporting, Cancellation))[0];

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = await Databases.IdentityAsSuperuserAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    public Task<AuditVerification> VerifyLogAsync() => new AuditVerifier(Keys, new AuditOptions()).VerifyAsync(
        new AuditStore(AuditStore.Identity, Databases.Identity.Source), Cancellation);

    public Task<IReadOnlyList<LogRow>> LogAsync(string action) => SearchLog.HandleAsync(
        new AuditStore(AuditStore.Identity, Databases.Identity.Source), new LogQuery(Action: action), Cancellation);

    public async ValueTask DisposeAsync()
    {
        await Databases.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Counts through birth dates and serials and keeps those whose control digits exist.</summary>
    private static class Numbers
    {
        private const int SerialsPerDay = 900;

        public static PersonIdentifier At(int number, bool isDNumber)
        {
            // A few serials have no control digits; the next one is taken, from a range of its own.
            var (day, month) = (1 + (number / SerialsPerDay % 28), 81 + (number / SerialsPerDay / 28 % 12));
            var year = number / SerialsPerDay / 28 / 12 % 100;
            var first = $"{day + (isDNumber ? 40 : 0):D2}{month:D2}{year:D2}{number % SerialsPerDay:D3}";
            for (var control = 0; control < 100; control++)
            {
                if (PersonIdentifier.TryParse($"{first}{control:D2}", out var identifier)) return identifier;
            }

            throw new InvalidOperationException($"No control digits fit {first}.");
        }
    }
}
