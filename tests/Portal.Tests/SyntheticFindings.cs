using Dapper;
using Kilde.Audit;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>What a check has measured at two made-up units, one of them the sender's own, judged as ever.</summary>
public sealed record SyntheticFindings(Guid Own, Guid Other)
{
    public const string CheckId = "KPR-OMS-001";

    public static async Task<SyntheticFindings> MeasureAsync(IServiceProvider services, CancellationToken cancellation)
    {
        await using (var connection = await services.GetRequiredService<RegisterDatabase>().Source
            .OpenConnectionAsync(cancellation))
        {
            await connection.ExecuteAsync(
                """
                insert into quality.measurement (
                  check_id, subject, person_key, unit, data_year, record_key, local_id, measured)
                values (@check, 'a', 1, @own, 2025, gen_random_uuid(), 'TJ-7', 172.5),
                  (@check, 'b', 2, @other, 2025, gen_random_uuid(), 'X-1', 200),
                  (@check, 'c', 3, @own, 2025, gen_random_uuid(), 'TJ-8', 120)
                """,
                new { check = CheckId, own = $"{SyntheticDay.OwnUnit}", other = $"{SyntheticDay.OtherUnit}" });
        }

        var check = services.GetRequiredService<RunChecks>().Checks.Single(each => each.Id == CheckId);
        await services.GetRequiredService<SetCheckLimit>().SetAsync(
            check, "hours", 168, "Som før", new AccessGround(Actor.System("test"), "test"), cancellation);
        var found = await services.GetRequiredService<FindFindings>().FindAsync(
            new FindingFilter(Unit: null, CheckId), 10, cancellation);
        return new SyntheticFindings(
            found.Single(line => line.Unit == $"{SyntheticDay.OwnUnit}").FindingId,
            found.Single(line => line.Unit == $"{SyntheticDay.OtherUnit}").FindingId);
    }
}
