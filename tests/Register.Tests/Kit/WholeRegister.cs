using System.Text;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Identity;
using Kilde.Identity.Linking;
using Kilde.Kernel;
using Kilde.Platform.Keys;
using Kilde.Register.Merging;
using Kilde.Register.Periods;
using Kilde.Register.Persons;
using Kilde.Register.Reading;
using Kilde.Register.Tables;
using Kilde.Testing;
using Microsoft.Extensions.Options;

namespace Kilde.Register.Tests.Kit;

/// <summary>The register with the real definitions, vault and audit log.</summary>
internal sealed class WholeRegister : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-register-");

    private WholeRegister(TestDatabases databases, DefinitionCatalogue catalogue)
    {
        Databases = databases;
        Catalogue = catalogue;
        var keys = new FileKeyStore(Path.Combine(_folder.FullName, "keys"));
        var audit = Audit = new AuditLog(keys, Clock, new AuditOptions());
        var options = Options.Create(new RegisterOptions { Partitions = 2 });
        Vault = new IdentityVault(databases.Identity, keys, audit, Clock, new IdentityOptions());
        Links = new LinkPersons(databases.Identity, audit, Clock);
        Decided = new MergeDecided(databases.Identity, Links);
        Follow = new FollowPersonChanges(databases.Register, Vault, Clock, options);
        Merge = new RegisterMerge(databases.Register, Vault, Follow, Clock);
        Streamed = new StreamedMerge(databases.Register, Vault, Merge, Clock);
        Exclusions = new ExcludeFromStatistics(databases.Register, audit, Clock);
        Shares = new EndShare(databases.Register, Catalogue, audit, Clock);
        Reader = new RegisterReader(databases.Register, Catalogue, audit);
        Tables = new RegisterTables(options);
    }

    public static AccessGround Ground { get; } = new(new Actor("user", "staff-1"), "Kontroll", "26/1");

    public TestDatabases Databases { get; }

    public DefinitionCatalogue Catalogue { get; }

    public FixedClock Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    public AuditLog Audit { get; }

    public IdentityVault Vault { get; }

    public LinkPersons Links { get; }

    public MergeDecided Decided { get; }

    public FollowPersonChanges Follow { get; }

    public RegisterMerge Merge { get; }

    public StreamedMerge Streamed { get; }

    public ExcludeFromStatistics Exclusions { get; }

    public EndShare Shares { get; }

    public RegisterReader Reader { get; }

    public RegisterTables Tables { get; }

    public static async Task<WholeRegister> StartAsync(PostgresServer postgres) =>
        new(await postgres.NewWholeDatabasesAsync(), RepositoryDefinitions.Catalogue);

    /// <param name="definitions">The folder of other definitions than the repository's.</param>
    public static async Task<WholeRegister> StartAsync(PostgresServer postgres, string definitions)
    {
        var register = new WholeRegister(
            await postgres.NewDatabasesAsync(), DefinitionCatalogue.Load(definitions));
        await register.Tables.EnsureAsync(
            register.Databases.RegisterOwner, register.Catalogue, TestContext.Current.CancellationToken);
        return register;
    }

    /// <summary>With the stays and identities of <see cref="Hospital"/> and nothing else.</summary>
    public static async Task<WholeRegister> StartHospitalAsync(PostgresServer postgres)
    {
        var register = new WholeRegister(await postgres.NewDatabasesAsync(), RepositoryDefinitions.Catalogue);
        await register.Tables.EnsureAsync(
            register.Databases.RegisterOwner, RecordTable.AllOf([Hospital.Activity, Hospital.Identity]), [], [],
            TestContext.Current.CancellationToken);
        return register;
    }

    /// <summary>Reads the message by its definition and merges it.</summary>
    /// <param name="on">The day it was made; 1 March 2026 when not given.</param>
    public async Task<MergeOutcome> TakeInAsync(
        string type, string json, OrganizationNumber sender, DateOnly? on = null)
    {
        var options = new ReadOptions(PersonIdentifierPolicy.Test, new DateOnly(2026, 3, 2));
        var content = Catalogue.FindReader(type, "1")!.Read(Encoding.UTF8.GetBytes(json), options);
        content.IsAccepted.ShouldBeTrue(string.Join('\n', content.Findings));
        var outcomes = await Merge.MergeAsync(
            [new SubmissionContent(Guid.CreateVersion7(), sender, on ?? new DateOnly(2026, 3, 1), content)],
            (_, _) => Task.CompletedTask, TestContext.Current.CancellationToken);
        return outcomes.ShouldHaveSingleItem();
    }

    /// <summary>Reads the XML message by its definition and merges it, as it came on the day.</summary>
    public async Task<MergeOutcome> TakeInXmlAsync(string message, OrganizationNumber sender, DateOnly on)
    {
        using var xml = DefinitionCatalogue.ReadXml(new MemoryStream(Encoding.UTF8.GetBytes(message)));
        xml.MoveToContent();
        using var reading = Catalogue.OpenXml(xml, new ReadOptions(PersonIdentifierPolicy.Test, on))
            .Reading.ShouldNotBeNull();
        var outcome = await Streamed.MergeAsync(
            new SubmissionReading(Guid.CreateVersion7(), sender, on, reading), (_, _) => Task.CompletedTask,
            TestContext.Current.CancellationToken);
        return outcome.ShouldNotBeNull(string.Join('\n', reading.Outcome.Findings));
    }

    public async ValueTask DisposeAsync()
    {
        await Databases.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
