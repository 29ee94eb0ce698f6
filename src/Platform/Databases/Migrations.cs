using System.Reflection;
using Npgsql;

namespace Kilde.Platform.Databases;

/// <summary>One numbered SQL file of a module, embedded as <c>Migrations/0001_name.sql</c>.</summary>
public sealed record Migration(string Module, int Number, string Name, string Sql)
{
    /// <summary>
    /// The migrations a module's assembly holds, in order. With a folder (<c>Migrations/identity</c>) only those.
    /// </summary>
    public static IReadOnlyList<Migration> Of(Assembly assembly, string module, string? folder = null) =>
        throw new NotSupportedException();
}

/// <summary>Applies what is not yet applied, in order, under an advisory lock; each migration in a transaction.</summary>
public static class MigrationRunner
{
    public static Task<int> ApplyAsync(
        NpgsqlDataSource database, IReadOnlyList<Migration> migrations, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
