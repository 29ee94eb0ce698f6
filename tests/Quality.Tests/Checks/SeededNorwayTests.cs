using Kilde.Kernel;
using Kilde.Quality.Calendar;
using Kilde.Quality.Eligible;
using Kilde.Quality.Tests.Kit;
using Kilde.Testing;
using static Kilde.Quality.Tests.Kit.SeededNorway;
using static Kilde.Quality.Tests.Kit.TestReporters;

namespace Kilde.Quality.Tests.Checks;

/// <summary>
/// 357 municipalities in three years, with a fault of every kind: each check finds exactly what was seeded, and nothing
/// of anybody else.
/// </summary>
public sealed class SeededNorwayTests(PostgresServer postgres)
{
    [Fact]
    public async Task Every_check_finds_exactly_what_is_seeded()
    {
        await using var register = await CheckedRegister.StartWholeAsync(postgres, new AllReport());
        Municipalities.Count.ShouldBe(357);
        await SeedAsync(register, SeededFaults.All);

        await register.FollowAllAsync();

        var found = await register.QueryAsync<SeededFinding>(
            """
            select check_id as check, data_year as year, count(*)::integer as count, unit from quality.finding
            group by 1, 2, 4
            """);
        var seeded = SeededFaults.All.SelectMany((fault, at) =>
            fault.Finds.Select(each => each with { Unit = each.Unit ?? $"{Municipalities[at]}" })).ToList();
        found.Except(seeded).ShouldBeEmpty("false alarms");
        seeded.Except(found).ShouldBeEmpty("missed");
        found.Order(ByText).ShouldBe(seeded.Order(ByText));

        register.Run.Checks.Select(check => check.Id).Except(found.Select(each => each.Check))
            .ShouldBeEmpty("each check has a fault to find");

        await LeftOutAsync(register);
    }

    // What is seeded of faults that leave a record out of statistics, and nothing else.
    private static async Task LeftOutAsync(CheckedRegister register)
    {
        var judge = register.Get<JudgeRecords>();
        var services = judge.Find("service").ShouldNotBeNull();

        var counts = await judge.CountAsync(services, 2021, unit: null, TestContext.Current.CancellationToken);

        counts.Where(count => count is { Rule: not null, Records: > 0 })
            .Select(count => $"{count.Rule!.Id} {count.Records} {count.Persons}")
            .ShouldBe(
                ["refused 1 1", "no_start 1 1", "start_too_late 1 1", "end_before_year 1 1", "dead_before_year 1 1"]);
        var all = await register.QueryAsync<long>("select count(*) from register.service where data_year = 2021");
        counts[0].Records.ShouldBe(all[0] - 5);
        var listed = 0;
        await foreach (var record in judge.ListAsync(
            services, 2021, unit: null, TestContext.Current.CancellationToken)) listed += record.LeftOutBy.Count;
        listed.ShouldBe(5);
        var found = await register.QueryAsync<Guid>(
            "select finding_id from quality.finding where check_id in ('KPR-OMS-003', 'KPR-OMS-001')");
        var told = await judge.OfFindingsAsync(found, unit: null, TestContext.Current.CancellationToken);
        told.Values.SelectMany(rules => rules).Select(rule => rule.Id).ShouldBe(["no_start"]);
        told.Count.ShouldBe(2, "too many hours leave nothing out");
    }

    private static readonly Comparer<SeededFinding> ByText =
        Comparer<SeededFinding>.Create((one, other) => string.CompareOrdinal($"{one}", $"{other}"));

    /// <summary>Each municipality of today has to report.</summary>
    private sealed class AllReport : IReportingObligations
    {
        public Task<IReadOnlyList<ReportingObligation>> ReadAsync(CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<ReportingObligation>>([.. Municipalities.Select(code =>
                new ReportingObligation(
                    Sender, code.Name, "KPR_IPLOS", new DateOnly(FirstYear, 1, 1), null)
                {
                    Institutions = [$"{code}"],
                })]);
    }
}
