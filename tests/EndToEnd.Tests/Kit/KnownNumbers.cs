using System.Text;
using Kilde.Synthetic;
using Npgsql;

namespace Kilde.EndToEnd.Tests.Kit;

/// <summary>Every number of every person who can occur in a run, and whether any of them stands somewhere.</summary>
public sealed class KnownNumbers
{
    private const int Digits = 11;
    private readonly HashSet<long> _numbers;

    public KnownNumbers(SyntheticNorway norway, IEnumerable<SyntheticUnit> units, DateOnly day) =>
        _numbers = [.. units.SelectMany(unit => norway.PersonsOf(unit, day))
            .Select(person => person.Identifier)
            .Where(identifier => identifier.Kind != Kernel.PersonIdentifierKind.None)
            .Select(identifier => long.Parse(identifier.Reveal(), provider: null))];

    public void ShouldNotStandIn(string text, string where) =>
        StandIn(Encoding.UTF8.GetBytes(text)).ShouldBeFalse($"A number stands in {where}.");

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
