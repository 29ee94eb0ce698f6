using Dapper;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Checks;
using Kilde.Definitions.Model;
using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;
using Kilde.Register.Reading;
using Npgsql;
using NpgsqlTypes;

namespace Kilde.Quality.Completeness;

/// <summary>What a quality registry's list is held against.</summary>
/// <param name="Registry">What the quality registry is called.</param>
/// <param name="Register">NPR or KPR.</param>
/// <param name="Year">Contacts of this data year.</param>
/// <param name="Codes">
/// Beginnings of the diagnoses the quality registry is about, such as I21; empty: all contacts.
/// </param>
/// <param name="DaysApart">How far a contact's day in the list may lie outside of the contact; 0–30.</param>
public sealed record CompletenessQuestion(
    string Registry, RegisterCode Register, DataYear Year, IReadOnlyList<string> Codes, int DaysApart)
{
    /// <summary>
    /// Beginnings of the procedures that were done, such as NFB; empty: whatever was done. With codes too, both hold.
    /// </summary>
    public IReadOnlyList<string> Procedures { get; init; } = [];
}

/// <param name="Rows">Rows of the list that are of the year.</param>
/// <param name="OtherYears">Rows of other years; they are not held against anything.</param>
/// <param name="WithoutNumber">Rows of the year without a number that a person is known by; they are left out.</param>
/// <param name="WithoutPerson">The register's contacts whose person is not known; they are left out.</param>
/// <param name="Units">All units together first, then each, for persons and for contacts.</param>
/// <param name="FindingsOpened">Units that have been told that something is missing.</param>
public sealed record CompletenessAnalysis(
    long Rows, long OtherYears, long WithoutNumber, long WithoutPerson, IReadOnlyList<UnitCompleteness> Units,
    long FindingsOpened);

/// <summary>
/// <i>Dekningsgradsanalyse</i> (R7.43): holds a quality registry's list of persons and contacts against the register,
/// both ways, by person and by contact. Numbers of persons are looked up in the vault, in batches, and are written
/// nowhere; what is kept is counts by unit, which the checks of completeness tell the units of.
/// </summary>
public sealed class AnalyseCompleteness(
    RegisterDatabase database, DefinitionCatalogue catalogue, IdentityVault vault, RunChecks run, AuditLog audit,
    TimeProvider clock)
{
    public const int CodesMax = 200;
    public const int DaysApartMax = 30;

    private const int BatchRows = 10_000;

    private readonly RecordView _treatment = catalogue.Views.First(view => view.Name == "treatment");

    /// <param name="policy">Which numbers this environment takes.</param>
    /// <param name="ground">Who asks, why, and in which case: it stands in both audit logs.</param>
    /// <exception cref="RegistryListException">The list cannot be read. Nothing is kept.</exception>
    /// <exception cref="ArgumentException">The ground has no purpose or case, or a limit is passed.</exception>
    public async Task<CompletenessAnalysis> RunAsync(
        CompletenessQuestion question, Stream list, RegistryListForm form, PersonIdentifierPolicy policy,
        AccessGround ground, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(question.Codes.Count, CodesMax, nameof(question));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(question.Procedures.Count, CodesMax, nameof(question));
        ArgumentOutOfRangeException.ThrowIfNotEqual(
            question.DaysApart, Math.Clamp(question.DaysApart, 0, DaysApartMax), nameof(question));
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await ExecuteAsync(Listed, null, transaction, cancellation);
        var (rows, otherYears, withoutNumber) = await KeepListAsync(
            new RegistryList(form, policy).ReadAsync(list, cancellation), question.Year, ground, connection,
            cancellation);
        await ExecuteAsync(Treated(_treatment), ParametersOf(question), transaction, cancellation);
        var counted = (await connection.QueryAsync<CountedUnit>(new CommandDefinition(
            Count, new { question.DaysApart }, transaction, commandTimeout: 0, cancellationToken: cancellation)))
            .AsList();
        var withoutPerson = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select count(*) from pg_temp.treated where person_key < 0", transaction: transaction,
            cancellationToken: cancellation));
        await KeepAsync(question, counted, ground, transaction, cancellation);
        await transaction.CommitAsync(cancellation);

        var opened = await TellUnitsAsync(cancellation);
        return new CompletenessAnalysis(
            rows, otherYears, withoutNumber, withoutPerson,
            [
                .. counted.GroupBy(each => each.Basis).OrderBy(basis => basis.Key)
                    .SelectMany(basis => ShowCompleteness.Of([.. basis])),
            ],
            opened);
    }

    private async Task<(long Rows, long OtherYears, long WithoutNumber)> KeepListAsync(
        IAsyncEnumerable<RegistryRow> rows, DataYear year, AccessGround ground, NpgsqlConnection connection,
        CancellationToken cancellation)
    {
        // Who is not in the vault is a person that the register has never heard of. A number of its own here, and not
        // there: a list is no reason to keep anyone's identity.
        var unseen = new Dictionary<PersonIdentifier, long>();
        var (kept, otherYears, withoutNumber) = (0L, 0L, 0L);
        var batch = new List<RegistryRow>(BatchRows);
        await foreach (var row in rows)
        {
            if (row.Day.Year != year.Year) otherYears++;
            else if (row.Person == default) (kept, withoutNumber) = (kept + 1, withoutNumber + 1);
            else batch.Add(row);
            if (batch.Count == BatchRows) await KeepAsync();
        }

        await KeepAsync();
        return (kept, otherYears, withoutNumber);

        async Task KeepAsync()
        {
            kept += batch.Count;
            var persons = await vault.FindAsync(
                [.. batch.Select(row => row.Person)], scope: default, ground, cancellation);
            await using var copy = await connection.BeginBinaryImportAsync(
                "copy pg_temp.listed (person_key, unit, day) from stdin (format binary)", cancellation);
            for (var i = 0; i < batch.Count; i++)
            {
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(KeyOf(i), NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(batch[i].Unit, NpgsqlDbType.Text, cancellation);
                await copy.WriteAsync(batch[i].Day, NpgsqlDbType.Date, cancellation);
            }

            await copy.CompleteAsync(cancellation);
            batch.Clear();

            long KeyOf(int i)
            {
                if (persons[i] is { } found) return found.PersonKey.Value;
                if (!unseen.TryGetValue(batch[i].Person, out var key))
                    unseen.Add(batch[i].Person, key = -1 - unseen.Count);
                return key;
            }
        }
    }

    private async Task KeepAsync(
        CompletenessQuestion question, IReadOnlyList<CountedUnit> counted, AccessGround ground,
        NpgsqlTransaction transaction, CancellationToken cancellation)
    {
        var analysisId = Guid.CreateVersion7();
        CountedUnit[] units = [.. counted.Where(each => each.Unit is not null)];
        await ExecuteAsync(
            Keep,
            new
            {
                analysisId, question.Registry, register = NameOf(question.Register), year = question.Year.Year,
                codes = question.Codes.ToArray(), procedures = question.Procedures.ToArray(), question.DaysApart,
                actor = ground.Actor.Id,
                caseReference = ground.CaseReference, now = clock.GetUtcNow(),
                units = units.Select(each => each.Unit).ToArray(),
                bases = units.Select(each => CompletenessTable.NameOf(each.Basis)).ToArray(),
                onlyRegistry = units.Select(each => each.OnlyRegistry).ToArray(),
                inBoth = units.Select(each => each.InBoth).ToArray(),
                onlyRegister = units.Select(each => each.OnlyRegister).ToArray(),
            },
            transaction, cancellation);
        await audit.AppendAsync(
            transaction, [new AuditEntry(ground, "quality.completeness", $"{analysisId}", units.Length)], cancellation);
    }

    // The checks read the analyses as a list: their findings are opened, answered and closed by data as any other's.
    private async Task<long> TellUnitsAsync(CancellationToken cancellation)
    {
        Check[] checks =
        [
            .. run.Checks.Where(check => check.Reads.Any(view => view.List == RecordList.RegistryCompleteness)),
        ];
        var opened = 0L;
        await run.RunAsync(checks, outcome => opened += outcome.Opened, cancellation);
        return opened;
    }

    private static string NameOf(RegisterCode register) => register.ToString().ToUpperInvariant();

    private static object ParametersOf(CompletenessQuestion question) => new
    {
        register = NameOf(question.Register),
        year = question.Year.Year,
        codes = WithoutPoint(question.Codes),
        procedures = WithoutPoint(question.Procedures),
    };

    private static string[] WithoutPoint(IEnumerable<string> codes) =>
        [.. codes.Select(code => code.Replace(".", "", StringComparison.Ordinal))];

    private static Task<int> ExecuteAsync(
        string sql, object? parameters, NpgsqlTransaction transaction, CancellationToken cancellation) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            sql, parameters, transaction, commandTimeout: 0, cancellationToken: cancellation));

    private const string Listed =
        """
        create temporary table listed (person_key bigint not null, unit text not null, day date not null) on commit drop
        """;

    // Codes are written with and without a point.
    private static string Treated(RecordView treatment) =>
        $"""
        create temporary table treated on commit drop as
        select person_key, sender as unit, began_on, coalesce(ended_on, began_on) as ended_on
        from {RecordViewSql.Of(treatment)}
        where register = @register and data_year = @year
          and (cardinality(@codes) = 0 or exists (
            select from unnest(codes) as code, unnest(@codes) as wanted
            where starts_with(replace(code, '.', ''), wanted)))
          and (cardinality(@procedures) = 0 or exists (
            select from unnest(procedures) as code, unnest(@procedures) as wanted
            where starts_with(replace(code, '.', ''), wanted)));
        create index on treated (person_key, unit);
        create index on listed (person_key, unit);
        analyze treated;
        analyze listed
        """;

    private const string Count =
        """
        with places as (
          select person_key, unit, bool_or(is_listed) as is_listed, bool_or(is_treated) as is_treated
          from (
            select distinct person_key, unit, true as is_listed, false as is_treated from pg_temp.listed
            union all
            select distinct person_key, unit, false, true from pg_temp.treated where person_key >= 0
          ) as told
          group by person_key, unit
        ), everywhere as (
          select person_key, null::text as unit, bool_or(is_listed) as is_listed, bool_or(is_treated) as is_treated
          from places
          group by person_key
        ), persons as (
          select unit, 1 as basis, is_listed, is_treated from places
          union all select unit, 1, is_listed, is_treated from everywhere
        ), contacts as (
          select l.unit, 2 as basis, true as is_listed, exists (
            select from pg_temp.treated t
            where t.person_key = l.person_key and t.unit = l.unit
              and l.day between t.began_on - @DaysApart and t.ended_on + @DaysApart) as is_treated
          from (select distinct person_key, unit, day from pg_temp.listed) as l
          union all
          select t.unit, 2, false, true
          from pg_temp.treated t
          where t.person_key >= 0 and not exists (
            select from pg_temp.listed l
            where l.person_key = t.person_key and l.unit = t.unit
              and l.day between t.began_on - @DaysApart and t.ended_on + @DaysApart)
        ), counted as (
          select unit, basis, is_listed, is_treated from persons
          union all select unit, basis, is_listed, is_treated from contacts
          union all select null, basis, is_listed, is_treated from contacts
        )
        select unit, basis, count(*) filter (where is_listed and not is_treated) as only_registry,
          count(*) filter (where is_listed and is_treated) as in_both,
          count(*) filter (where is_treated and not is_listed) as only_register
        from counted
        group by unit, basis
        order by basis, unit nulls first
        """;

    private const string Keep =
        """
        insert into quality.completeness (
          analysis_id, registry, register, data_year, codes, procedures, days_apart, made_by, case_reference,
          made_at)
        values (@analysisId, @Registry, @register, @year, @codes, @procedures, @DaysApart, @actor, @caseReference,
          @now);
        insert into quality.completeness_unit (analysis_id, unit, basis, only_registry, in_both, only_register)
        select @analysisId, unit, basis, only_registry, in_both, only_register
        from unnest(@units, @bases, @onlyRegistry, @inBoth, @onlyRegister)
          as counted (unit, basis, only_registry, in_both, only_register)
        """;
}
