using System.Diagnostics;
using System.Globalization;
using Dapper;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Register.Comparing;
using Npgsql;

namespace Kilde.Bench;

/// <summary>
/// What it costs the register to make the digests of a year that came as XML: the first time it is asked for them, the
/// next, and when some records have changed.
/// </summary>
internal static class DigestedYear
{
    private const int PeriodNo = 1_000_001;
    private const string Sender = "974760673";

    public static async Task<IReadOnlyDictionary<string, object>> MeasureAsync(
        BenchSite site, int records, CancellationToken cancellation)
    {
        await using var services = site.CreateServices();
        await using var owner = NpgsqlDataSource.Create(site.Environment.Logins.RegisterOwner);
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        var changed = records / 1000;
        await connection.ExecuteAsync(Fill, new { records, PeriodNo, Sender }, commandTimeout: 0);
        var type = services.GetRequiredService<DefinitionCatalogue>().Find("KPR_IPLOS", "3.7")!;
        var compared = ComparedRecords.Of(
            type, type.RecordTypes.Single(record => record.Table == "iplos_tjeneste"), Sender,
            new AccessGround(new Actor("client", "bench"), "benchmark"));
        var side = services.GetRequiredService<CompareRecords>().SideOf(compared);

        var first = await AskAsync(side, records, cancellation);
        var again = await AskAsync(side, records, cancellation);
        await connection.ExecuteAsync(Change, new { changed, PeriodNo }, commandTimeout: 0);
        var some = await AskAsync(side, records, cancellation);
        return new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["a year's digests, made when first asked for"] = Told($"{records} records: {first:0.00} s"),
            ["a year's digests, asked for again"] = Told($"{again:0.00} s"),
            ["a year's digests, after changes"] = Told($"{changed} changed records: {some:0.00} s"),
        };
    }

    private static async Task<double> AskAsync(IRecordSide side, int records, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var sums = await side.SumPlacesAsync(RecordMonth.None, RecordMonth.Max, cancellation);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var told = sums.Values.Sum(sum => sum.Count);
        return told == records
            ? seconds
            : throw new InvalidOperationException($"{told} records are told of, and there are {records}.");
    }

    private static string Told(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private const string Fill =
        """
        insert into register.period (
          period_no, sender, message_type, data_year, submission_id, extracted_on, batch_no)
        values (@PeriodNo, '0301', 'KPR_IPLOS', 2019, gen_random_uuid(), date '2020-01-15', 0);
        insert into register.batch (
          batch_no, batched_at, submission_id, sender, inserted, updated, unchanged, deleted, changes)
        select 0, now(), submission_id, @Sender, 0, 0, 0, 0, 0 from register.period where period_no = @PeriodNo;
        insert into register.iplos_tjeneste (
          person_key, identifier_key, record_key, sender, unit, local_id, row_hash, submission_id, extracted_on,
          batch_no, since, period_no, tj_tjen_type, tj_timer_uke, tj_inst_orgnr, tj_fra_dato)
        select n / 3, 1, gen_random_uuid(), '0301', '0301', '0301|' || n, gen_random_uuid(), gen_random_uuid(),
          date '2020-01-15', 1, now(), @PeriodNo, '15', n % 168, case when n % 9 = 0 then '964338531' end,
          date '2015-01-01' + n % 1500
        from generate_series(1, @records) as n;
        insert into register.iplos_tjeneste_locator (record_key, person_key, row_hash, period_no)
        select record_key, person_key, row_hash, period_no from register.iplos_tjeneste where period_no = @PeriodNo;
        analyze register.iplos_tjeneste;
        analyze register.iplos_tjeneste_locator
        """;

    // As a merge leaves them.
    private const string Change =
        """
        create temporary table changed as
        select record_key, person_key, row_hash, period_no from register.iplos_tjeneste_locator
        where period_no = @PeriodNo limit @changed;
        delete from register.iplos_tjeneste_locator l using changed c
        where l.period_no = c.period_no and l.record_key = c.record_key;
        insert into register.iplos_tjeneste_locator (record_key, person_key, row_hash, period_no) select * from changed
        """;
}
