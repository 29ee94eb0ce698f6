using Dapper;
using Kilde.Platform.Databases;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>
/// Steps into the roles that may see what is held apart. The platform's own role may not, and what it holds does not
/// follow by itself: each reading says so, for as long as it lasts.
/// </summary>
internal static class SensitiveRole
{
    /// <summary>
    /// Does something with what a place holds. For the tables of a class it is done as the keeper, which brings records
    /// in and gives senders back their own; for the ordinary tables as the platform.
    /// </summary>
    public static async Task<T> KeepAsync<T>(
        this NpgsqlTransaction transaction, RecordPlace place, Func<Task<T>> doAsync, CancellationToken cancellation)
    {
        if (place.Class is null) return await doAsync();
        await transaction.BecomeKeeperAsync(cancellation);
        var done = await doAsync();
        await transaction.BecomePlatformAsync(cancellation);
        return done;
    }

    /// <inheritdoc cref="KeepAsync{T}"/>
    public static Task KeepAsync(
        this NpgsqlTransaction transaction, RecordPlace place, Func<Task> doAsync, CancellationToken cancellation) =>
        transaction.KeepAsync(
            place,
            async () =>
            {
                await doAsync();
                return true;
            },
            cancellation);

    public static Task BecomeKeeperAsync(this NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.BecomeAsync(DatabaseSetup.SensitiveKeeperRole, cancellation);

    /// <summary>One that reads a class, when the platform has been granted its role.</summary>
    /// <exception cref="SensitiveClassException">It has not.</exception>
    public static async Task BecomeReaderAsync(
        this NpgsqlTransaction transaction, string className, CancellationToken cancellation)
    {
        try
        {
            await transaction.BecomeAsync(DatabaseSetup.SensitiveRoleOf(SqlName.Parse(className).Text), cancellation);
        }
        catch (PostgresException refused) when (refused.SqlState is
            PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidParameterValue)
        {
            throw new SensitiveClassException(
                $"{className} is not granted here: whoever answers for the register grants "
                + $"{DatabaseSetup.SensitiveRoleOf(className)}.");
        }
    }

    public static Task BecomePlatformAsync(this NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.BecomeAsync("none", cancellation);

    private static async Task BecomeAsync(
        this NpgsqlTransaction transaction, string role, CancellationToken cancellation) =>
        await transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"set local role {role}", transaction: transaction, cancellationToken: cancellation));
}

/// <summary>Something was asked for that belongs to a class which is not granted, or to none there is.</summary>
public sealed class SensitiveClassException(string message) : Exception(message);
