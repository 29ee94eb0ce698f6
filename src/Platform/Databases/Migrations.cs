using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace Kilde.Platform.Databases;

/// <summary>One numbered SQL file of a module, embedded as <c>Migrations/0001_name.sql</c>.</summary>
public sealed partial record Migration(string Module, int Number, string Name, string Sql)
{
    /// <summary>SHA-256 of the text, with line ends as LF. An applied migration never changes.</summary>
    internal string Checksum => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>
    /// The migrations a module's assembly holds, in order. With a folder (<c>Migrations/identity</c>) only those.
    /// </summary>
    /// <exception cref="InvalidOperationException">Two files have the same number.</exception>
    public static IReadOnlyList<Migration> Of(Assembly assembly, string module, string? folder = null)
    {
        // The compiler names the file Migrations/identity/0001_x.sql "<assembly>.Migrations.identity.0001_x.sql".
        var prefix = (folder ?? "Migrations").Replace('/', '.') + ".";
        Migration[] found =
        [
            .. from resource in assembly.GetManifestResourceNames()
               let start = resource.IndexOf(prefix, StringComparison.Ordinal)
               where start >= 0
               let file = FileName.Match(resource[(start + prefix.Length)..])
               where file.Success
               let number = int.Parse(file.Groups["number"].ValueSpan, CultureInfo.InvariantCulture)
               orderby number
               select new Migration(module, number, file.Groups["name"].Value, TextOf(assembly, resource)),
        ];

        var twice = found.GroupBy(migration => migration.Number).FirstOrDefault(same => same.Count() > 1);
        return twice is null
            ? found
            : throw new InvalidOperationException($"Module {module} has two migrations numbered {twice.Key}.");
    }

    private static string TextOf(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^(?<number>\d{4})_(?<name>[a-z0-9_]+)\.sql$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FileName { get; }
}

/// <summary>A database and the migrations at hand do not belong together.</summary>
public sealed class MigrationException(string message) : Exception(message);

/// <summary>Applies what is not yet applied, in order, under an advisory lock, each in a transaction.</summary>
/// <remarks>
/// Several nodes may start at once: one applies, the others wait and find nothing to do. What is applied is kept with
/// its checksum in <c>platform.migration</c>, and a file that was changed afterwards is refused.
/// </remarks>
public static class MigrationRunner
{
    private const long LockKey = 0x4B494C4445;

    /// <returns>How many migrations were applied now.</returns>
    /// <exception cref="MigrationException">An applied file was changed, or the database is newer.</exception>
    public static async Task<int> ApplyAsync(
        NpgsqlDataSource database, IReadOnlyList<Migration> migrations, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey})", cancellation);
        try
        {
            await ExecuteAsync(connection, Bookkeeping, cancellation);
            var applied = await AppliedAsync(connection, cancellation);
            RefuseStrangers(applied, migrations);

            var count = 0;
            foreach (var migration in migrations)
            {
                if (applied.TryGetValue((migration.Module, migration.Number), out var checksum))
                {
                    if (checksum == migration.Checksum) continue;
                    throw new MigrationException($"Migration {Label(migration)} was changed after it was applied.");
                }

                await ApplyOneAsync(connection, migration, cancellation);
                count++;
            }

            return count;
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private static async Task ApplyOneAsync(
        NpgsqlConnection connection, Migration migration, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(connection, migration.Sql, cancellation);
        await using var insert = new NpgsqlCommand(
            """
            insert into platform.migration (module, number, name, checksum, applied_at)
            values ($1, $2, $3, $4, $5)
            """,
            connection);
        insert.Parameters.Add(new() { Value = migration.Module });
        insert.Parameters.Add(new() { Value = migration.Number });
        insert.Parameters.Add(new() { Value = migration.Name });
        insert.Parameters.Add(new() { Value = migration.Checksum });
        insert.Parameters.Add(new() { Value = TimeProvider.System.GetUtcNow() });
        await insert.ExecuteNonQueryAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task<Dictionary<(string Module, int Number), string>> AppliedAsync(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        var applied = new Dictionary<(string, int), string>();
        await using var command = new NpgsqlCommand(
            "select module, number, checksum from platform.migration", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            applied.Add((reader.GetString(0), reader.GetInt32(1)), reader.GetString(2));
        return applied;
    }

    // An older program on a newer database would write rows the newer one does not expect.
    private static void RefuseStrangers(
        Dictionary<(string Module, int Number), string> applied, IReadOnlyList<Migration> migrations)
    {
        var known = migrations.Select(migration => (migration.Module, migration.Number)).ToHashSet();
        var modules = migrations.Select(migration => migration.Module).ToHashSet();
        foreach (var (module, number) in applied.Keys)
        {
            if (modules.Contains(module) && !known.Contains((module, number)))
                throw new MigrationException($"The database has {module} {number:D4}, which this program lacks.");
        }
    }

    private static string Label(Migration migration) => $"{migration.Module} {migration.Number:D4}_{migration.Name}";

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private const string Bookkeeping =
        """
        create schema if not exists platform;
        create table if not exists platform.migration (
          module text not null,
          number int not null,
          name text not null,
          checksum text not null,
          applied_at timestamptz not null,
          constraint migration_pk primary key (module, number)
        );
        comment on table platform.migration is 'Migrations applied to this database, with the checksum of their text.';

        create or replace function platform.take_from_logins(rights text, targets text) returns void
        language plpgsql as $$
        declare
          login text;
        begin
          for login in
            select distinct pg_get_userbyid(given.grantee)
            from pg_default_acl, aclexplode(defaclacl) given
            where defaclrole = current_user::regrole and given.grantee not in (0, defaclrole)
          loop
            execute format('revoke %s on %s from %I', rights, targets, login);
          end loop;
        end
        $$;
        comment on function platform.take_from_logins is
          'Takes back from the roles that the platform runs as what the owner gives them by default. For migrations.';
        revoke execute on function platform.take_from_logins from public;
        select platform.take_from_logins('insert, update, delete', 'platform.migration');
        """;
}
