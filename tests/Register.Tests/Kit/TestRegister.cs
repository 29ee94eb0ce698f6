using Kilde.Definitions.Model;
using Kilde.Register.Merging;
using Kilde.Register.Persons;
using Kilde.Register.Tables;
using Kilde.Testing;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Register.Tests.Kit;

/// <summary>A register of the test's own, with the tables of the given types and the plain vault.</summary>
internal sealed class TestRegister : IAsyncDisposable
{
    private TestRegister(TestDatabases databases, RegisterOptions options)
    {
        Databases = databases;
        Follow = new FollowPersonChanges(databases.Register, Vault.View, Clock, options);
        Merge = new RegisterMerge(databases.Register, Vault.View, Follow, Clock);
        Streamed = new StreamedMerge(databases.Register, Vault.View, Merge, Clock);
        Tables = new RegisterTables(Options.Create(options));
    }

    public TestDatabases Databases { get; }

    public PlainVault Vault { get; } = new();

    public FixedClock Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    public FollowPersonChanges Follow { get; }

    public RegisterMerge Merge { get; }

    public StreamedMerge Streamed { get; }

    public StreamedMerge StreamedHolding(int bytes) =>
        new(Databases.Register, Vault.View, Merge, Clock) { HeldBytesMax = bytes };

    private RegisterTables Tables { get; }

    public NpgsqlDataSource Source => Databases.Register.Source;

    public static async Task<TestRegister> StartAsync(PostgresServer postgres, params MessageType[] types)
    {
        var register = new TestRegister(await postgres.NewDatabasesAsync(), new RegisterOptions { Partitions = 4 });
        var tables = RecordTable.AllOf(types.Length > 0 ? types : [Messages.VisitMessage, Messages.YearMessage]);
        await register.EnsureAsync(tables, TestContext.Current.CancellationToken);
        return register;
    }

    /// <summary>Makes the tables, as the register's owner.</summary>
    public Task EnsureAsync(IReadOnlyList<RecordTable> tables, CancellationToken cancellation) =>
        Tables.EnsureAsync(Databases.RegisterOwner, tables, [], [], cancellation);

    public async Task<IReadOnlyList<MergeOutcome>> MergeAsync(params SubmissionContent[] submissions) =>
        await Merge.MergeAsync(submissions, (_, _) => Task.CompletedTask, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => Databases.DisposeAsync();
}
