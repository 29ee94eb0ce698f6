using System.Diagnostics;
using Dapper;
using Kilde.Definitions;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>How soon pages answer when all of the country reports.</summary>
[Collection(nameof(PortalSite))]
public class CountryTests(PortalSite site, ITestOutputHelper output)
{
    private const int Years = 3;
    private const int Looks = 5;

    private static readonly string[] StaffPages =
    [
        "/", "/avsendere", "/mottak", "/funn", "/tilbakemeldinger", "/oppfolging/landet", "/oppfolging/landet?fylke=11",
        "/oppfolging/landet.csv", "/oppfolging/kontakt", "/oppfolging/kalender", "/oppfolging/sene", "/oppfolging/par",
        "/oppfolging/feil", "/oppfolging/utboks", "/leverandorer", "/leverandorer/fagsystem?leverandor=V1&produkt=P1",
    ];

    private static readonly string[] SenderPages =
        ["/", "/tall", "/innsending", "/funn", "/mottak", "/tilbakemeldinger", "/avsendere", "/sammenlign"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// 357 municipalities in three years, with a message each day: run with <c>-explicit only</c>, in a run of its own.
    /// Tells how many milliseconds each page takes, the middle of five.
    /// </summary>
    [Fact(Explicit = true)]
    public async Task Overviews_are_timed_with_all_of_the_country_when_asked_for()
    {
        await FillAsync();

        await TimeAsync(PortalSite.StaffId, StaffPages);
        await TimeAsync(PortalSite.SenderId, SenderPages);
    }

    private async Task TimeAsync(string user, IEnumerable<string> pages)
    {
        using var client = await site.ClientAsync(user);
        foreach (var page in pages)
        {
            var times = new List<double>();
            for (var i = 0; i <= Looks; i++)
            {
                var began = Stopwatch.GetTimestamp();
                using var answer = await client.GetAsync(page, Cancellation);
                answer.EnsureSuccessStatusCode();
                await answer.Content.ReadAsByteArrayAsync(Cancellation);
                if (i > 0) times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            output.WriteLine($"{times.Order().ElementAt(Looks / 2),6:0} ms  {user} {page}");
        }
    }

    private async Task FillAsync()
    {
        var places = MunicipalityCode.InUse(2026).Select(code => code.ToString()).ToArray();
        var units = Enumerable.Range(0, places.Length).Select(UnitNo).ToArray();
        units[0] = SyntheticDay.OwnUnit.ToString();
        await using var connection = await site.Databases.RegisterAsSuperuserAsync();
        var catalogue = site.Services.GetRequiredService<DefinitionCatalogue>();
        var country = new
        {
            units, places, years = Years, checks = catalogue.Checks.Select(check => check.Id).ToArray(),
            figures = catalogue.Figures.Select(figure => figure.Id).ToArray(),
        };
        await connection.ExecuteAsync(
            new CommandDefinition(Fill, country, commandTimeout: 600, cancellationToken: Cancellation));
    }

    private static string UnitNo(int i) => Enumerable.Range(312_000_000 + (20 * i), 20)
        .Select(digits => digits.ToString())
        .First(digits => OrganizationNumber.TryParse(digits, provider: null, out _));

    private const string Fill =
        """
        create temporary table country as
        select unit, place, no::integer from unnest(@units, @places) with ordinality as each (unit, place, no);
        insert into intake.sender (unit, name, configured_at)
        select unit, 'Kommune ' || place, now() from country on conflict do nothing;
        insert into intake.sender_institution (unit, institution) select unit, place from country
        on conflict do nothing;
        insert into intake.sender_obligation (unit, message_type, from_on)
        select unit, type, date '2023-01-01' from country, unnest(array['KPR_IPLOS', 'Basismelding']) as type
        on conflict do nothing;

        insert into quality.submission (
          submission_id, unit, unit_name, institution, vendor, product, product_version, register, message_type,
          type_version, period_from, period_to, extracted_on, record_count, received_at, finished_at, outcome,
          gets_reports, vendor_number)
        select gen_random_uuid(), unit, 'Kommune ' || place, place, 'V' || no % 5, 'P' || no % 5, '2026.' || no % 7,
          'kpr', 'KPR_IPLOS', '3.7', make_date(y, 1, 1), make_date(y, 12, 31), make_date(y + 1, 1, 20), 3000,
          make_date(y + 1, 1, 20) + n, make_date(y + 1, 1, 20) + n, 'in_register', true, null
        from country, generate_series(2026 - @years, 2025) as y, generate_series(1, 3) as n where no % 20 > 0;
        insert into quality.submission (
          submission_id, unit, unit_name, institution, vendor, product, product_version, register, message_type,
          type_version, record_count, received_at, finished_at, outcome, gets_reports)
        select gen_random_uuid(), unit, 'Kommune ' || place, unit, 'V' || no % 5, 'P' || no % 5, '2026.' || no % 7,
          'kpr', 'Basismelding', '1', 40, at, at,
          case when (no + d) % 40 = 0 then 'refused' else 'in_register' end, false
        from country, generate_series(1, 365 * @years) as d,
          lateral (select now() - d * interval '1 day' as at) as at;
        insert into quality.submission_rule (submission_id, rule_id, layer, severity, count)
        select submission_id, 'KPR-' || abs(hashtext(submission_id::text)) % 60, 'content', 2 + n % 2, 2
        from quality.submission, generate_series(1, 2) as n
        where abs(hashtext(submission_id::text)) % 10 < 3 on conflict do nothing;

        insert into quality.finding (
          finding_id, check_id, subject, unit, data_year, measured, state, is_shadow, opened_at, changed_at)
        select gen_random_uuid(), check_id, place || '/' || y || '/' || n, place, y, 170, 'open', false,
          now() - interval '40 days', now() - interval '40 days'
        from country, unnest(@checks) as check_id, generate_series(2026 - @years, 2025) as y,
          generate_series(1, 1 + no % 10) as n
        where abs(hashtext(check_id || place)) % 4 = 0;

        insert into quality.figure_count (
          figure_id, unit, municipality, data_year, part, category, persons, basis, amount)
        select figure_id, place, place, y, '', case when c = 0 then '' else c::text end, 400 + no, 300, 2000
        from country, unnest(@figures) as figure_id, generate_series(2026 - @years, 2025) as y,
          generate_series(0, 40) as c
        on conflict do nothing;
        analyze
        """;
}
