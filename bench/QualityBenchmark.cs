using System.Diagnostics;
using System.Globalization;
using Dapper;
using Kilde.Intake.Slash.Client;
using Kilde.Quality.Checks;
using Kilde.Register.Feed;
using Kilde.Synthetic;
using Npgsql;

namespace Kilde.Bench;

/// <summary>
/// What it costs to hold every check against a national year of municipal care and the year before, and what it costs
/// after a day's changes.
/// </summary>
internal static class QualityBenchmark
{
    /// <summary>As many persons and services as municipalities reported in a year.</summary>
    private const int Persons = 349_000;
    private const int Services = 800_000;
    private const int Municipalities = 357;
    private const int DaysOfYear = 365;

    public static Benchmark Definition { get; } = new(
        "quality", "How long do all checks take after a day's changes, compared with a run over everything?", RunAsync);

    private static async Task<BenchmarkResult> RunAsync(bool isQuick, TextWriter log, CancellationToken cancellation)
    {
        var share = isQuick ? 20 : 1;
        await using var site = await BenchSite.PrepareAsync(new NorwaySize(4, 50), ClientKey.CreateEc, cancellation);
        await using var services = site.CreateServices();
        await using var owner = NpgsqlDataSource.Create(site.Environment.Logins.RegisterOwner);
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        await log.WriteLineAsync("Filling the register …");
        await Task.WhenAll(Enumerable.Range(0, 2).Select(year => FillAsync(owner, share, year, cancellation)));
        await connection.ExecuteAsync("analyze (verbose false)", commandTimeout: 0);

        var run = services.GetRequiredService<RunChecks>();
        var follow = ActivatorUtilities.CreateInstance<FollowChanges>(services);
        await services.GetRequiredService<ChangeFeed>().AddConsumerAsync("quality.checks", 0, cancellation);
        var details = new Dictionary<string, object>(StringComparer.Ordinal);
        var (all, findings) = (0.0, 0L);
        var started = Stopwatch.GetTimestamp();
        await run.RunAsync(run.Checks, Tell, cancellation);

        await connection.ExecuteAsync(ChangeDay, SizeOf(share), commandTimeout: 0);
        var began = Stopwatch.GetTimestamp();
        await follow.StepAsync(cancellation);
        var day = Stopwatch.GetElapsedTime(began).TotalSeconds;
        began = Stopwatch.GetTimestamp();
        var runs = 0;
        while (await run.RunDueUnitsAsync(TimeProvider.System.GetUtcNow(), cancellation)) runs++;
        var units = Stopwatch.GetElapsedTime(began).TotalSeconds;
        details["the units' years"] = string.Create(
            CultureInfo.InvariantCulture, $"{units:0.00} s in {runs} runs, ten minutes after the first change");
        details["everything"] = string.Create(
            CultureInfo.InvariantCulture, $"{Services / share} services of a year and as many of the year before, "
            + $"{Persons / share} persons, {run.Checks.Count} checks: {all:0.0} s, {findings} findings");
        details["a day"] = string.Create(
            CultureInfo.InvariantCulture, $"{Services / share / DaysOfYear} changed services: {day:0.00} s");
        return new BenchmarkResult(
            Definition.Question, Math.Round(day, 2), "s, checks of what a day's changes touched",
            "the same checks over everything, in s", Math.Round(all, 2), Math.Round(all / day, 1),
            "in proportion to what has changed", BenchmarkRun.Machine, details);

        void Tell(CheckOutcome outcome)
        {
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds - all;
            (all, findings) = (all + seconds, findings + outcome.Opened);
            details[outcome.Check.Id] = string.Create(
                CultureInfo.InvariantCulture,
                $"{seconds:0.00} s; {outcome.Measured} measured, {outcome.Opened} found: {outcome.Check.Titles.En}");
            log.WriteLine($"{outcome.Check.Id}: {details[outcome.Check.Id]}");
        }
    }

    private static async Task FillAsync(
        NpgsqlDataSource owner, int share, int year, CancellationToken cancellation)
    {
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(FillYear, SizeOf(share, year), commandTimeout: 0);
    }

    private static object SizeOf(int share, int year = 1) => new
    {
        persons = Persons / share,
        services = Services / share,
        municipalities = Municipalities,
        changed = Services / share / DaysOfYear,
        year,
    };

    private const string FillYear =
        """
        insert into register.period (
          period_no, sender, message_type, data_year, submission_id, extracted_on, batch_no)
        select m * 10 + @year, (100 + m)::text, 'KPR_IPLOS', 2018 + @year, gen_random_uuid(), date '2020-01-15', 1
        from generate_series(1, @municipalities) as m;

        insert into register.iplos_tjeneste (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, tj_tjen_type, tj_timer_uke, tj_inst_orgnr, tj_fra_dato)
        select n % @persons, 1, gen_random_uuid(), (101 + n % @persons % @municipalities)::text, '0301', n::text,
          gen_random_uuid(), gen_random_uuid(), date '2020-01-15', 1, now(),
          (1 + n % @persons % @municipalities) * 10 + @year,
          (array['1', '2', '3', '5', '6', '9', '15', '15', '15', '21'])[1 + abs(hashint4(n) % 10)],
          case
            when n % 50 = 0 then null
            when n % 2000 = 1 then 169
            else round(-6 * ln((1 + abs(hashint4(n)::bigint) % 9973) / 9974.0), 1)
          end, case when n % 9 = 0 then '964338531' end,
          date '2015-01-01' + n % 1500
        from generate_series(1, @services) as n;

        insert into register.iplos_bruker (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, pe_alder)
        select n, 1, gen_random_uuid(), (101 + n % @municipalities)::text, '0301', n::text, gen_random_uuid(),
          gen_random_uuid(), date '2020-01-15', 1, now(), (1 + n % @municipalities) * 10 + @year, n % 100
        from generate_series(0, @persons - 1) as n;

        insert into register.iplos_personopplysning (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, po_ern_kartlagt, po_ern_kartlagt_dato, po_ern_risiko, po_ern_risiko_dato,
          po_venteliste, po_venteliste_dato, po_heldg)
        select n, 1, gen_random_uuid(), (101 + n % @municipalities)::text, '0301', n::text, gen_random_uuid(),
          gen_random_uuid(), date '2020-01-15', 1, now(), (1 + n % @municipalities) * 10 + 1, '1', date '2019-03-01',
          '2', date '2019-03-01' + (n % 500 = 0)::integer, case when n % 60 = 0 then '1' end,
          case when n % 60 = 0 then date '2019-02-01' end, case when n % 12 = 0 then '1' end
        from generate_series(0, @persons - 1) as n
        where @year = 1
        """;

    // Persons all over the country: each has a service whose hours are new.
    private const string ChangeDay =
        """
        create temporary table changed as
        select distinct on (person_key) person_key, record_key from register.iplos_tjeneste
        where period_no % 10 = 1 and person_key % (@persons / @changed) = 0;
        update register.iplos_tjeneste t set tj_timer_uke = 169
        from changed c where c.person_key = t.person_key and c.record_key = t.record_key;
        insert into register.batch (
          batch_no, batched_at, inserted, updated, unchanged, deleted, changes)
        select batch_no + 1, now(), 0, n, 0, 0, n from register.batch_counter, (select count(*) as n from changed) as c;
        insert into register.change (batch_no, record_table, kind, record_keys, person_keys)
        select max(batch_no) + 1, 'iplos_tjeneste', 'update', record_keys, person_keys
        from register.batch_counter, (
          select array_agg(record_key) as record_keys, array_agg(person_key) as person_keys from changed) as c
        group by record_keys, person_keys;
        update register.batch_counter set batch_no = batch_no + 1
        """;
}
