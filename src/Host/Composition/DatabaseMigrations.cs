using Kilde.Audit;
using Kilde.Identity;
using Kilde.Intake;
using Kilde.Platform.Databases;
using Kilde.Quality;
using Kilde.Register;
using Npgsql;

namespace Kilde.Host.Composition;

/// <summary>Brings both databases up to this version's migrations, as their owners.</summary>
public static class DatabaseMigrations
{
    public static IReadOnlyList<Migration> Register { get; } =
        [
        .. AuditModule.Migrations, .. RegisterModule.Migrations, .. IntakeModule.Migrations,
        .. QualityModule.Migrations,
    ];

    public static IReadOnlyList<Migration> Identity { get; } =
        [.. AuditModule.Migrations, .. IdentityModule.Migrations];

    /// <returns>How many migrations were applied now, in both databases.</returns>
    public static async Task<int> ApplyAsync(
        string registerOwner, string identityOwner, CancellationToken cancellation)
    {
        await using var register = NpgsqlDataSource.Create(registerOwner);
        await using var identity = NpgsqlDataSource.Create(identityOwner);
        return await MigrationRunner.ApplyAsync(register, Register, cancellation)
            + await MigrationRunner.ApplyAsync(identity, Identity, cancellation);
    }
}
