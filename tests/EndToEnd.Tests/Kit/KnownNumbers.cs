using System.Text;
using Kilde.Kernel;
using Kilde.Synthetic;
using Npgsql;

namespace Kilde.EndToEnd.Tests.Kit;

/// <summary>
/// Whether a number of a person stands somewhere: one of those who can occur in a run, also within a longer number, or
/// in what people read any number at all that could be someone's.
/// </summary>
public sealed class KnownNumbers
{
    private const int Digits = 11;
    private readonly HashSet<long> _numbers;

    public KnownNumbers(SyntheticNorway norway, IEnumerable<SyntheticUnit> units, DateOnly day) =>
        _numbers = [.. units.SelectMany(unit => norway.PersonsOf(unit, day))
            .Select(person => person.Identifier)
            .Where(identifier => identifier.Kind != PersonIdentifierKind.None)
            .Select(identifier => long.Parse(identifier.Reveal(), provider: null))];

    public void ShouldNotStandIn(string text, string where)
    {
        StandIn(Encoding.UTF8.GetBytes(text)).ShouldBeFalse($"A number stands in {where}.");
        AnyoneStandsIn(text).ShouldBeFalse($"A number that could be someone's stands in {where}.");
    }

    /// <summary>
    /// True when a number that could be someone's stands alone. Not looked for in files, whose bytes are such numbers
    /// by chance, nor where letters, points or dashes say that the digits are of an id, a digest or a time.
    /// </summary>
    public static bool AnyoneStandsIn(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsAsciiDigit(text[at])) continue;
            var from = at;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            if (at - from == Digits && !IsPartOfMore(text, from, -1) && !IsPartOfMore(text, at - 1, 1)
                && PersonIdentifier.TryParse(text.AsSpan(from, Digits), out _))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPartOfMore(string text, int at, int step) =>
        IsAt(text, at + step, char.IsAsciiLetterOrDigit)
        || (IsAt(text, at + step, character => character is '.' or '-' or '_')
            && IsAt(text, at + (2 * step), char.IsAsciiLetterOrDigit));

    private static bool IsAt(string text, int at, Func<char, bool> isSo) =>
        at >= 0 && at < text.Length && isSo(text[at]);

    public void ShouldNotStandInFile(string file)
    {
        byte[] content;
        try
        {
            content = File.ReadAllBytes(file);
        }
        catch (IOException)
        {
            return; // Removed by the server meanwhile.
        }

        StandIn(content).ShouldBeFalse($"A number stands in {file}.");
    }

    /// <summary>Reads every row of every table a login can see, as text: binary numbers show as digits too.</summary>
    public async Task ShouldNotStandInAsync(string login, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(login);
        var tables = new List<string>();
        await using (var command = database.CreateCommand(Tables))
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
        {
            while (await rows.ReadAsync(cancellation)) tables.Add(rows.GetString(0));
        }

        tables.Count.ShouldBeGreaterThan(5);
        foreach (var table in tables)
        {
            await using var command = database.CreateCommand($"select t::text from {table} t");
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation)) ShouldNotStandIn(rows.GetString(0), table);
        }
    }

    private bool StandIn(ReadOnlySpan<byte> bytes)
    {
        var value = 0L;
        var run = 0;
        foreach (var character in bytes)
        {
            if (character is < (byte)'0' or > (byte)'9')
            {
                (value, run) = (0, 0);
                continue;
            }

            value = ((value * 10) + (character - '0')) % 100_000_000_000;
            if (++run >= Digits && _numbers.Contains(value)) return true;
        }

        return false;
    }

    private const string Tables =
        """
        select format('%I.%I', n.nspname, c.relname)
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'm') and not c.relispartition
          and n.nspname not in ('pg_catalog', 'information_schema')
          and has_table_privilege(c.oid, 'select')
        """;
}
