using System.Text.Json;
using Dapper;
using Kilde.Kernel;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>
/// The function <c>register.municipalities_today</c>: what a municipality number of any year is in the numbering of
/// today, so that numbers from before and after a merger can be held against each other in SQL. Remade at every start,
/// as the table it comes of is in the code.
/// </summary>
public static class MunicipalityMap
{
    private const int NumberMax = 9999;

    public static Task ReplaceAsync(NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"""
            create or replace function register.municipalities_today(code text) returns text[]
            language sql immutable parallel safe return string_to_array(coalesce('{Map()}'::jsonb ->> code, code), ' ');
            comment on function register.municipalities_today(text) is
              'A municipality number in the numbering of today; several where the municipality has been divided.';
            """,
            transaction: transaction,
            cancellationToken: cancellation));

    private static string Map()
    {
        var today = DateOnly.MaxValue.Year;
        var gone = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var number = 1; number <= NumberMax; number++)
        {
            if (MunicipalityCode.TryFromNumber(number, out var code) && !code.IsInUse(today))
                gone[$"{code}"] = string.Join(' ', code.MapTo(today));
        }

        return JsonSerializer.Serialize(gone);
    }
}
