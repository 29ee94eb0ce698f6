using System.Text;
using Dapper;
using Kilde.Audit;
using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Platform.Databases;
using Kilde.Quality.Checks;
using Kilde.Register.Merging;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>What a check has measured at two made-up units, one of them the sender's own, judged as ever.</summary>
public sealed record SyntheticFindings(Guid Own, Guid Other, Guid Mendable)
{
    public const string CheckId = "KPR-OMS-001";
    public const string MendableCheckId = "KPR-OMS-027";
    public const string OtherRecord = "ANNEN-TJENESTE";

    private const string Person = "01810149732";

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
                  (@check, 'b', 2, @other, 2025, gen_random_uuid(), @record, 200),
                  (@check, 'c', 3, @own, 2025, gen_random_uuid(), 'TJ-8', 120)
                """,
                new
                {
                    check = CheckId, own = $"{SyntheticDay.OwnUnit}", other = $"{SyntheticDay.OtherUnit}",
                    record = OtherRecord,
                });
        }

        var mendable = await FindMendableAsync(services, cancellation);
        var check = services.GetRequiredService<RunChecks>().Checks.Single(each => each.Id == CheckId);
        await services.GetRequiredService<SetCheckLimit>().SetAsync(
            check, "hours", 168, "Som før", new AccessGround(Actor.System("test"), "test"), cancellation);
        var found = await services.GetRequiredService<FindFindings>().FindAsync(
            new FindingFilter(Unit: null, CheckId), 10, cancellation);
        var other = found.Single(line => line.Unit == $"{SyntheticDay.OtherUnit}").FindingId;
        await AgeAsync(services, other, cancellation);
        return new SyntheticFindings(
            found.Single(line => line.Unit == $"{SyntheticDay.OwnUnit}").FindingId,
            other, mendable);
    }

    // As if it had stood without an answer for as long as a sender has to explain it, and more.
    private static async Task AgeAsync(IServiceProvider services, Guid finding, CancellationToken cancellation)
    {
        await using var connection = await services.GetRequiredService<RegisterDatabase>().Source
            .OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(
            "update quality.finding set opened_at = opened_at - interval '20 days' where finding_id = @finding",
            new { finding });
    }

    // A refusal that has begun, of a made-up person: merged and found as ever.
    private static async Task<Guid> FindMendableAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var content = services.GetRequiredService<DefinitionCatalogue>().FindReader("KTT_Tjeneste", "1")!.Read(
            Encoding.UTF8.GetBytes($$"""
            [{ "orgNr": "{{SyntheticDay.OwnUnit}}", "kommuneNr": "1103", "tjeneste": [{
               "tjenesteId": "T-9", "registrertTid": "2025-02-01T10:00:00+01:00", "tjenestetype": "6",
               "vedtakUtfall": "1", "startDato": "2025-02-10", "person": { "fodselsNr": "{{Person}}" } }] }]
            """),
            new ReadOptions(PersonIdentifierPolicy.Test, new DateOnly(2026, 3, 2)));
        await services.GetRequiredService<RegisterMerge>().MergeAsync(
            [new SubmissionContent(Guid.CreateVersion7(), SyntheticDay.OwnUnit, new DateOnly(2026, 3, 1), content)],
            (_, _) => Task.CompletedTask, cancellation);
        var run = services.GetRequiredService<RunChecks>();
        await run.RunAsync([.. run.Checks.Where(each => each.Id == MendableCheckId)], _ => { }, cancellation);
        return (await services.GetRequiredService<FindFindings>().FindAsync(
            new FindingFilter(SyntheticDay.OwnUnit, MendableCheckId), 10, cancellation)).Single().FindingId;
    }
}
