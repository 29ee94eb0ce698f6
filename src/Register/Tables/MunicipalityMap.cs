using System.Text.Json;
using Dapper;
using Kilde.Kernel;
using Npgsql;

namespace Kilde.Register.Tables;

/// <summary>
/// What SQL may ask of municipality numbers. <c>register.municipalities_today</c> is what a number of any year is in
/// the numbering of today, so that numbers from before and after a merger can be held against each other.
/// <c>register.size_group_2024</c> is which group of size its inhabitants of that year make it one of; a new count is a
/// new name (ADR 175). Remade at every start, as the tables they come of are in the code.
/// </summary>
public static class MunicipalityMap
{
    private const int NumberMax = 9999;

    // Whoever names the function holds to the count it was written for, and is run anew with the next.
    private static string SizeGroup => $"size_group_{MunicipalitySizeGroup.CodeYear}";

    public static Task ReplaceAsync(NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"""
            create or replace function register.municipalities_today(code text) returns text[]
            language sql immutable parallel safe return string_to_array(coalesce('{Map()}'::jsonb ->> code, code), ' ');
            comment on function register.municipalities_today(text) is
              'A municipality number in the numbering of today; several where the municipality has been divided.';

            create or replace function register.{SizeGroup}(code text) returns integer
            language sql immutable parallel safe return ('{Sizes()}'::jsonb ->> code)::integer;
            comment on function register.{SizeGroup}(text) is
              'By inhabitants: 1 for the fewest, 5 for the most; null where it is divided or is no municipality.';
            """,
            transaction: transaction,
            cancellationToken: cancellation));

    private static string Map()
    {
        var today = DateOnly.MaxValue.Year;
        return JsonSerializer.Serialize(Codes().Where(code => !code.IsInUse(today))
            .ToDictionary(code => $"{code}", code => string.Join(' ', code.MapTo(today))));
    }

    private static string Sizes() => JsonSerializer.Serialize((
        from code in Codes()
        let size = MunicipalitySizeGroup.Of(code)
        where size is not null
        select KeyValuePair.Create($"{code}", size.Number)).ToDictionary());

    private static IEnumerable<MunicipalityCode> Codes()
    {
        for (var number = 1; number <= NumberMax; number++)
        {
            if (MunicipalityCode.TryFromNumber(number, out var code)) yield return code;
        }
    }
}
