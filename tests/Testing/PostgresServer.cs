using System.Security.Cryptography;
using Kilde.Audit;
using Kilde.Identity;
using Kilde.Intake.Log;
using Kilde.Platform.Databases;
using Kilde.Platform.Development;
using Kilde.Quality;
using Kilde.Register;
using Kilde.Register.Merging;
using Kilde.Register.Tables;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kilde.Testing;

/// <summary>
/// One PostgreSQL server for the test process, started when the first test asks for databases. Each test gets a pair
/// of its own, cloned from templates that stand ready. A test assembly takes it with
/// <c>[assembly: AssemblyFixture(typeof(PostgresServer))]</c>.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    /// <summary>Parts of each table of a whole register.</summary>
    public const int WholePartitions = 2;

    private readonly SemaphoreSlim _once = new(1, 1);
    private readonly string _prefix = $"kilde_test_{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
    private PrivatePostgres? _private;
    private string? _superuser;
    private NpgsqlDataSource? _server;
    private DatabaseNames? _templates;
    private DatabaseNames? _wholeTemplates;
    private int _count;

    /// <summary>The migrations of the register's database: every module that has tables in it.</summary>
    public static IReadOnlyList<Migration> RegisterMigrations { get; } =
    [
        .. Migration.Of(typeof(AuditLog).Assembly, "audit"),
        .. Migration.Of(typeof(IntakeLog).Assembly, "intake"),
        .. Migration.Of(typeof(RegisterMerge).Assembly, "register"),
        .. Migration.Of(typeof(QualityModule).Assembly, "quality"),
    ];

    /// <summary>The migrations of the vault's database.</summary>
    public static IReadOnlyList<Migration> IdentityMigrations { get; } =
    [
        .. Migration.Of(typeof(AuditLog).Assembly, "audit"),
        .. Migration.Of(typeof(IdentityVault).Assembly, "identity"),
    ];

    public ValueTask InitializeAsync()
    {
        DapperConventions.Apply();
        return ValueTask.CompletedTask;
    }

    /// <summary>A migrated, empty register and vault, of the test's own.</summary>
    public async Task<TestDatabases> NewDatabasesAsync()
    {
        await StartOnceAsync(TestContext.Current.CancellationToken);
        return await CloneAsync(_templates!);
    }

    /// <summary>
    /// A register with the tables of all that the repository defines, in <see cref="WholePartitions"/> parts each,
    /// and a vault, both empty.
    /// </summary>
    public async Task<TestDatabases> NewWholeDatabasesAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await StartOnceAsync(cancellation);
        await _once.WaitAsync(cancellation);
        try
        {
            _wholeTemplates ??= await MakeWholeTemplatesAsync(cancellation);
        }
        finally
        {
            _once.Release();
        }

        return await CloneAsync(_wholeTemplates);
    }

    /// <summary>The superuser's connection string, for tests of the setup itself.</summary>
    public async Task<string> SuperuserAsync()
    {
        await StartOnceAsync(TestContext.Current.CancellationToken);
        return _superuser!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_templates is not null && _private is null)
        {
            await DropAsync(_server!, _templates.Register);
            await DropAsync(_server!, _templates.Identity);
            if (_wholeTemplates is not null) await DropAsync(_server!, _wholeTemplates.Register);
        }

        if (_server is not null) await _server.DisposeAsync();
        if (_private is not null) await _private.DisposeAsync();
        _once.Dispose();
    }

    internal static async Task DropAsync(NpgsqlDataSource server, string database)
    {
        await using var drop = server.CreateCommand($"drop database if exists {database} with (force)");
        await drop.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task StartOnceAsync(CancellationToken cancellation)
    {
        await _once.WaitAsync(cancellation);
        try
        {
            _templates ??= await MakeTemplatesAsync(cancellation);
        }
        finally
        {
            _once.Release();
        }
    }

    private async Task<DatabaseNames> MakeTemplatesAsync(CancellationToken cancellation)
    {
        var superuser = Environment.GetEnvironmentVariable(PrivatePostgres.InsteadVariable);
        if (string.IsNullOrEmpty(superuser))
        {
            var binaries = PostgresBinaries.Find(Repository.At("tools"));
            Assert.SkipWhen(binaries is null, "There is no PostgreSQL: run npm ci in tools/, or set KILDE_POSTGRES.");
            _private = await PrivatePostgres.StartAsync(
                new(binaries, Path.Combine(Path.GetTempPath(), _prefix), IsDurable: false, IsTemporary: true),
                cancellation);
            superuser = _private.SuperuserConnectionString;
        }

        var templates = new DatabaseNames($"{_prefix}_register", $"{_prefix}_identity");
        var logins = await DatabaseSetup.EnsureAsync(superuser, templates, cancellation);
        await MigrateAsync(logins.RegisterOwner, RegisterMigrations, cancellation);
        await MigrateAsync(logins.IdentityOwner, IdentityMigrations, cancellation);
        _superuser = superuser;
        _server = NpgsqlDataSource.Create(superuser);
        return templates;
    }

    private async Task<DatabaseNames> MakeWholeTemplatesAsync(CancellationToken cancellation)
    {
        var whole = _templates! with { Register = $"{_prefix}_whole" };
        await CloneRegisterAsync(_templates.Register, whole.Register);
        await using var owner = NpgsqlDataSource.Create(
            Unpooled(DatabaseSetup.LoginsFor(_superuser!, whole).RegisterOwner));
        var tables = new RegisterTables(Options.Create(new RegisterOptions { Partitions = WholePartitions }));
        await tables.EnsureAsync(owner, RepositoryDefinitions.Catalogue, cancellation);
        return whole;
    }

    // Unpooled, because a template can only be cloned when nobody is connected to it.
    private static async Task MigrateAsync(
        string owner, IReadOnlyList<Migration> migrations, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(Unpooled(owner));
        await MigrationRunner.ApplyAsync(database, migrations, cancellation);
    }

    private static string Unpooled(string login) =>
        new NpgsqlConnectionStringBuilder(login) { Pooling = false }.ConnectionString;

    private async Task<TestDatabases> CloneAsync(DatabaseNames templates)
    {
        var number = Interlocked.Increment(ref _count);
        var names = new DatabaseNames($"{_prefix}_r{number}", $"{_prefix}_i{number}");
        await CloneRegisterAsync(templates.Register, names.Register);
        await CloneAsync(
            templates.Identity, names.Identity, DatabaseSetup.IdentityOwnerRole, DatabaseSetup.IdentityRole);
        return new TestDatabases(_server!, _superuser!, names);
    }

    private Task CloneRegisterAsync(string template, string database) =>
        CloneAsync(template, database, DatabaseSetup.RegisterOwnerRole, DatabaseSetup.RegisterRole);

    private async Task CloneAsync(string template, string database, string owner, string login)
    {
        await using var clone = _server!.CreateCommand(
            $"create database {database} template {template} strategy file_copy owner {owner}");
        await clone.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var rights = _server.CreateCommand(DatabaseSetup.ConnectRights(database, owner, login));
        await rights.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}

/// <summary>A test's own pair of databases, dropped when it is disposed.</summary>
public sealed class TestDatabases : IAsyncDisposable
{
    private const int PoolSizeMax = 20;

    private readonly NpgsqlDataSource _server;
    private readonly DatabaseNames _names;
    private readonly string _superuser;

    internal TestDatabases(NpgsqlDataSource server, string superuser, DatabaseNames names)
    {
        _server = server;
        _superuser = superuser;
        _names = names;
        Logins = DatabaseSetup.LoginsFor(superuser, names);
        Register = new RegisterDatabase(Open(Logins.Register));
        Identity = new IdentityDatabase(Open(Logins.Identity));
    }

    /// <summary>As the platform's own role: what it may not do, the test may not either.</summary>
    public RegisterDatabase Register { get; }

    public IdentityDatabase Identity { get; }

    /// <summary>As the role that migrates and makes tables. Not pooled: few tests need it, and only once.</summary>
    public NpgsqlDataSource RegisterOwner => field ??= NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(Logins.RegisterOwner) { Pooling = false });

    public DatabaseLogins Logins { get; }

    /// <summary>A connection that may do anything in the register, to tamper with it. The caller disposes it.</summary>
    public Task<NpgsqlConnection> RegisterAsSuperuserAsync() => OpenAsSuperuserAsync(_names.Register);

    /// <summary>A connection that may do anything in the vault, to tamper with it. The caller disposes it.</summary>
    public Task<NpgsqlConnection> IdentityAsSuperuserAsync() => OpenAsSuperuserAsync(_names.Identity);

    public async ValueTask DisposeAsync()
    {
        await Register.Source.DisposeAsync();
        await Identity.Source.DisposeAsync();
        await RegisterOwner.DisposeAsync();
        await PostgresServer.DropAsync(_server, _names.Register);
        await PostgresServer.DropAsync(_server, _names.Identity);
    }

    private static NpgsqlDataSource Open(string login) =>
        NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(login) { MaxPoolSize = PoolSizeMax });

    private async Task<NpgsqlConnection> OpenAsSuperuserAsync(string database)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(_superuser) { Database = database, Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
