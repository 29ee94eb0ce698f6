using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Kilde.Platform.Databases;

/// <summary>Which two databases to make. Roles are the same for every pair on a server.</summary>
public sealed record DatabaseNames(string Register, string Identity)
{
    public static DatabaseNames Default { get; } = new("kilde_register", "kilde_identity");
}

/// <summary>Connection strings, one per database and role.</summary>
/// <param name="RegisterOwner">Owns the register's tables; used for migrations only.</param>
/// <param name="Register">What the platform runs as towards the register.</param>
/// <param name="IdentityOwner">Owns the vault's tables; used for migrations only.</param>
/// <param name="Identity">What the platform runs as towards the vault.</param>
public sealed record DatabaseLogins(string RegisterOwner, string Register, string IdentityOwner, string Identity);

/// <summary>
/// Makes the two databases and their roles on one server, so that no role of the one can connect to the other. Safe to
/// run again. In production the two stand on different clusters, and an administrator does the same there.
/// </summary>
public static class DatabaseSetup
{
    public const string RegisterRole = "kilde_register";
    public const string RegisterOwnerRole = "kilde_register_owner";
    public const string IdentityRole = "kilde_identity";
    public const string IdentityOwnerRole = "kilde_identity_owner";

    /// <summary>
    /// The role that may do all with what is held apart. No one has it: the platform steps into it to bring records in
    /// and to give senders back their own.
    /// </summary>
    public const string SensitiveKeeperRole = "kilde_sensitive";

    private const long LockKey = 0x4B494C4446;

    /// <param name="superuser">A connection string that may create roles and databases.</param>
    public static async Task<DatabaseLogins> EnsureAsync(
        string superuser, DatabaseNames names, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(superuser).Password))
        {
            // The roles' passwords follow from it; from nothing, anyone could work them out.
            throw new ArgumentException("The superuser's connection string must hold a password.", nameof(superuser));
        }

        await using var server = NpgsqlDataSource.Create(Unpooled(superuser));
        await using var connection = await server.OpenConnectionAsync(cancellation);
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey})", cancellation);
        await EnsureRolesAsync(connection, superuser, cancellation);
        await EnsureDatabaseAsync(connection, names.Register, RegisterOwnerRole, RegisterRole, cancellation);
        await EnsureDatabaseAsync(connection, names.Identity, IdentityOwnerRole, IdentityRole, cancellation);

        // The rights on what the owners will make are set inside each database.
        await SetDefaultRightsAsync(superuser, names.Register, RegisterOwnerRole, RegisterRole, cancellation);
        await SetDefaultRightsAsync(superuser, names.Identity, IdentityOwnerRole, IdentityRole, cancellation);
        await ExecuteAsync(connection, $"select pg_advisory_unlock({LockKey})", cancellation);
        return LoginsFor(superuser, names);
    }

    /// <summary>The logins to databases that stand already.</summary>
    public static DatabaseLogins LoginsFor(string superuser, DatabaseNames names) => new(
        Login(superuser, names.Register, RegisterOwnerRole),
        Login(superuser, names.Register, RegisterRole),
        Login(superuser, names.Identity, IdentityOwnerRole),
        Login(superuser, names.Identity, IdentityRole));

    /// <summary>
    /// The role that may read a class of what is held apart. It is made and granted by whoever answers for the
    /// register; the platform reads the class where it has been granted to <see cref="RegisterRole"/>.
    /// </summary>
    public static string SensitiveRoleOf(string @class) => $"{SensitiveKeeperRole}_{@class}";

    /// <summary>Who may connect: the owner and the one role the platform runs as, and nobody else.</summary>
    public static string ConnectRights(string database, string owner, string login) =>
        $"""
        revoke all on database {Quote(database)} from public;
        grant connect, temporary on database {Quote(database)} to {owner}, {login};
        """;

    private static async Task EnsureRolesAsync(
        NpgsqlConnection connection, string superuser, CancellationToken cancellation)
    {
        foreach (var role in (string[])[RegisterOwnerRole, RegisterRole, IdentityOwnerRole, IdentityRole])
        {
            if (!await ExistsAsync(connection, "select 1 from pg_roles where rolname = $1", role, cancellation))
                await ExecuteAsync(connection, $"create role {role} login", cancellation);

            // The password is hexadecimal, so it may stand in the statement; a parameter may not. No query
            // is compiled: tables in many parts make every plan look dear, compiling takes longer than the query, and
            // a session that compiles does not end when the server stops.
            await ExecuteAsync(
                connection,
                $"alter role {role} password '{PasswordOf(superuser, role)}'; alter role {role} set jit = off",
                cancellation);
        }

        // What is held apart is seen by who steps into the role, and not by being a member of it.
        if (!await ExistsAsync(
            connection, "select 1 from pg_roles where rolname = $1", SensitiveKeeperRole, cancellation))
            await ExecuteAsync(connection, $"create role {SensitiveKeeperRole} nologin", cancellation);
        await ExecuteAsync(
            connection, $"alter role {RegisterRole} noinherit; grant {SensitiveKeeperRole} to {RegisterRole}",
            cancellation);
    }

    private static async Task EnsureDatabaseAsync(
        NpgsqlConnection connection, string database, string owner, string login, CancellationToken cancellation)
    {
        if (!await ExistsAsync(connection, "select 1 from pg_database where datname = $1", database, cancellation))
        {
            // One sort order everywhere, whatever the server was made with: code point order.
            var locale = connection.PostgreSqlVersion.Major >= 17
                ? "locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'"
                : "locale_provider libc lc_collate 'C' lc_ctype 'C.UTF-8'";
            await ExecuteAsync(
                connection,
                $"create database {Quote(database)} owner {owner} template template0 encoding 'UTF8' {locale}",
                cancellation);
        }

        // A queue is vacuumed every ten seconds, and then whatever has grown is analyzed as well: from a sample of
        // 7 500 rows, not 30 000. Sorting samples was a third of what the database did while messages came (ADR 165).
        await ExecuteAsync(
            connection,
            $"alter database {Quote(database)} set default_statistics_target = 25; "
            + ConnectRights(database, owner, login),
            cancellation);
    }

    private static async Task SetDefaultRightsAsync(
        string superuser, string database, string owner, string login, CancellationToken cancellation)
    {
        var there = new NpgsqlConnectionStringBuilder(Unpooled(superuser)) { Database = database }.ConnectionString;
        await using var connection = new NpgsqlConnection(there);
        await connection.OpenAsync(cancellation);
        await ExecuteAsync(
            connection,
            $"""
            revoke all on schema public from public;
            alter default privileges for role {owner} grant usage on schemas to {login};
            alter default privileges for role {owner} grant select, insert, update, delete on tables to {login};
            alter default privileges for role {owner} grant usage, select on sequences to {login};
            """,
            cancellation);
    }

    private static string Login(string superuser, string database, string role) =>
        new NpgsqlConnectionStringBuilder(superuser)
        {
            Database = database,
            Username = role,
            Password = PasswordOf(superuser, role),
        }.ConnectionString;

    /// <summary>
    /// A role's password follows from the superuser's: whoever has that one can become any role anyway, and nothing
    /// more needs to be stored.
    /// </summary>
    private static string PasswordOf(string superuser, string role)
    {
        var key = Encoding.UTF8.GetBytes(new NpgsqlConnectionStringBuilder(superuser).Password ?? "");
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes("kilde role " + role)));
    }

    private static string Unpooled(string superuser) =>
        new NpgsqlConnectionStringBuilder(superuser) { Pooling = false }.ConnectionString;

    private static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    private static async Task<bool> ExistsAsync(
        NpgsqlConnection connection, string sql, string name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = name } } };
        return await command.ExecuteScalarAsync(cancellation) is not null;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
