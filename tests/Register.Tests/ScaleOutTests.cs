using System.Text.RegularExpressions;
using Dapper;
using Kilde.Register.Tests.Kit;
using Kilde.Testing;

namespace Kilde.Register.Tests;

/// <summary>
/// What lets the register be divided among machines by person (docs/scale.md), held against the tables of all
/// definitions as they are made, and against the SQL that is run on them.
/// </summary>
public class ScaleOutTests(PostgresServer postgres)
{
    private static readonly TimeSpan RegexMax = TimeSpan.FromMinutes(1);

    // Divided by what they are looked up by, and joined with no records: where a record lies, and who an identifier is.
    private const string LookUps = "(_locator|^person_move)$";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_person_is_in_every_key_and_nothing_but_us_gives_a_row_its_values()
    {
        await using var register = await WholeRegister.StartAsync(postgres);
        await using var connection = await register.Databases.RegisterAsSuperuserAsync();

        (await connection.QueryAsync<string>(
            $"""
            select i.indexrelid::regclass::text from pg_index i join ({Persons}) p on p.oid = i.indrelid
            where i.indisunique and not p.attnum = any(i.indkey)
            """)).ShouldBeEmpty("unique keys without the person");
        (await connection.QueryAsync<string>(
            $"""
            select c.conname from pg_constraint c join ({Persons}) p on p.oid = c.conrelid
            where c.contype = 'f' and not p.attnum = any(c.conkey)
            """)).ShouldBeEmpty("foreign keys without the person");
        (await connection.QueryAsync<string>(
            $"""
            select p.relname || '.' || a.attname || ' ' || pg_get_expr(d.adbin, d.adrelid)
            from pg_attrdef d
            join ({Persons}) p on p.oid = d.adrelid
            join pg_attribute a on a.attrelid = p.oid and a.attnum = d.adnum
            where pg_get_expr(d.adbin, d.adrelid) like '%(%'
            """)).ShouldBeEmpty("values that the database makes");
        (await connection.QueryAsync<string>("select tgname from pg_trigger where not tgisinternal"))
            .ShouldBeEmpty("triggers");
        (await connection.QueryAsync<string>($"select relname from ({Persons}) p where relkind = 'p'")).Count()
            .ShouldBeGreaterThan(20, "tables of records");
    }

    [Theory]
    [InlineData(@"\bmerge\s+into\b[^""]*\breturning\b")]
    [InlineData(@"\bupdate\s+\{[^}]*\.(Table|History)\}[^""]*\bset\b[^""]*\bperson_key\s*=")]
    [InlineData(@"\b(nextval|clock_timestamp|gen_random_uuid|random)\s*\(")]
    [InlineData(@"\bvalues\b[^;""]*\bnow\(\)")]
    public void What_Citus_cannot_do_is_not_asked_for(string pattern) =>
        Repository.Files("src/Register", "*.cs")
            .Where(path => Regex.IsMatch(File.ReadAllText(path), pattern, RegexOptions.None, RegexMax))
            .Select(Repository.Relative).ShouldBeEmpty();

    private const string Persons =
        $"""
        select c.oid, c.relname, c.relkind, a.attnum
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'person_key'
        where (n.nspname = 'register' or n.nspname like 'sensitive%') and c.relkind in ('r', 'p')
          and not c.relispartition and c.relname !~ '{LookUps}'
        """;
}
