using Kilde.Kernel;

namespace Kilde.Quality.Tests.Kit;

/// <param name="Check">The check that finds it.</param>
/// <param name="Count">As many findings.</param>
/// <param name="Unit">Whose they are; null: the municipality's that the fault was seeded in.</param>
internal sealed record SeededFinding(string Check, int Year, int Count = 1, string? Unit = null);

/// <summary>A fault in one municipality, and everything that is to be found because of it.</summary>
/// <param name="Size">Recipients in the municipality.</param>
/// <param name="Sql">Changes the rows of municipality number <c>@m</c>, which calls itself <c>@code</c>.</param>
internal sealed record SeededFault(string What, int Size, string Sql, params SeededFinding[] Finds);

/// <summary>
/// Municipal care of all Norway for three years, in the register's own tables and set by set: the same sound rows each
/// year, and one fault of each kind, each in a municipality of its own.
/// </summary>
internal static class SeededNorway
{
    public const int FirstYear = 2019;
    public const int Years = 3;

    /// <summary>Large enough that a change of a half is no accident.</summary>
    public const int Large = 102;

    /// <summary>Large enough that a change of 29 percent is no accident either.</summary>
    public const int Larger = 240;

    /// <summary>So small that hardly any change is.</summary>
    public const int Small = 40;

    /// <summary>The municipalities of today, which report all three years under today's numbers.</summary>
    public static IReadOnlyList<MunicipalityCode> Municipalities { get; } = MunicipalityCode.InUse(2024);

    public static async Task SeedAsync(CheckedRegister register, IReadOnlyList<SeededFault> faults)
    {
        var codes = Municipalities.Select(code => $"{code}").ToArray();
        var sizes = Enumerable.Range(0, codes.Length)
            .Select(at => at < faults.Count ? faults[at].Size : 30 + (at % 10 * 8)).ToArray();
        await register.QueryAsync<int>(Sound, new { codes, sizes, FirstYear, lastYear = FirstYear + Years - 1 });
        for (var at = 0; at < faults.Count; at++)
            await register.QueryAsync<int>(faults[at].Sql, new { m = at + 1, code = codes[at] });
    }

    /// <summary>Services of a year, one for each row of <paramref name="from"/>: <c>i</c> is its number.</summary>
    public static string Services(int year, string from, string person, string code, string hours = "null") =>
        $"""
        insert into register.iplos_tjeneste (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, tj_fra_dato, tj_tjen_type, tj_timer_uke, tj_inst_orgnr)
        select {person}, 1, gen_random_uuid(), @code, @code, gen_random_uuid()::text, gen_random_uuid(),
          gen_random_uuid(), make_date({year} + 1, 1, 15), 1, now(), @m * 10 + {year - FirstYear}, date '2015-05-01',
          {code}, {hours}, case when {code} = '21' then '964338531' end
        from {from};
        """;

    /// <summary>A condition on the rows of one recipient, or of all, in a year.</summary>
    public static string Of(int year, string? person = null) =>
        $"period_no = @m * 10 + {year - FirstYear}"
        + (person is null ? "" : $" and person_key = @m * 1000 + {person}");

    /// <summary>The kinds of service that recipients have in turn.</summary>
    public const string Codes = "(array['15', '15', '15', '1', '6', '21', '26', '29'])[1 + i % 8]";

    public const string Hours =
        "case when i % 40 = 0 then 168 when i % 8 < 3 then 3 when i % 8 = 3 then 2 end";

    private const string Sound =
        $"""
        create temporary table seeded as
        select m, code, size, year, m * 10 + year - @FirstYear as period_no, make_date(year + 1, 1, 15) as extracted_on
        from unnest(@codes, @sizes) with ordinality as each (code, size, m),
          generate_series(@FirstYear, @lastYear) as year;

        insert into register.period (
          period_no, sender, message_type, data_year, submission_id, extracted_on, whole_extracted_on, batch_no)
        select period_no, code, 'KPR_IPLOS', year, gen_random_uuid(), extracted_on, extracted_on, 1 from seeded;

        insert into register.iplos_tjeneste (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, tj_tjen_type, tj_timer_uke, tj_inst_orgnr, tj_fra_dato)
        select m * 1000 + i, 1, gen_random_uuid(), code, code, i::text, gen_random_uuid(), gen_random_uuid(),
          extracted_on, 1, now(), period_no, {Codes}, {Hours}, case when i % 8 = 5 then '964338531' end,
          date '2015-01-01' + i
        from seeded, generate_series(0, size - 1) as i;

        insert into register.iplos_bruker (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, pe_alder)
        select m * 1000 + i, 1, gen_random_uuid(), code, code, i::text, gen_random_uuid(), gen_random_uuid(),
          extracted_on, 1, now(), period_no, 60 + i * 7 % 35
        from seeded, generate_series(0, size - 1) as i;

        insert into register.iplos_personopplysning (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, po_husstand, po_fra_dato, po_hab, po_venteliste, po_venteliste_dato, po_heldg,
          po_ern_kartlagt, po_ern_kartlagt_dato, po_ern_risiko, po_ern_risiko_dato, po_ind_plan)
        select m * 1000 + i, 1, gen_random_uuid(), code, code, i::text, gen_random_uuid(), gen_random_uuid(),
          extracted_on, 1, now(), period_no, '1', make_date(year, 3, 1), '2',
          case when i % 15 = 7 then '1' else '2' end,
          case when i % 15 = 7 then date '2018-06-01' end, case when i % 40 = 0 then '1' else '2' end,
          '1', make_date(year, 3, 1), '2', make_date(year, 3, 1), '1'
        from seeded, generate_series(0, size - 1) as i;
        drop table seeded
        """;
}
