using Kilde.Kernel;
using Kilde.Quality.Calendar;
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
            fault.Finds.Select(each => each with { Unit = each.Unit ?? $"{Municipalities[at]}" }));
        found.Order(ByText).ShouldBe(seeded.Order(ByText));

        // This country has no population register, no claims and no quality registries: their checks have examples.
        register.Run.Checks.Select(check => check.Id)
            .Where(id => !id.StartsWith("KPR-FREG-", StringComparison.Ordinal))
            .Where(id => !id.StartsWith("KPR-KUHR-", StringComparison.Ordinal))
            .Where(id => !id.Contains("-DEK-", StringComparison.Ordinal))
            .Except(found.Select(each => each.Check))
            .ShouldBeEmpty("each check has a fault to find");
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
