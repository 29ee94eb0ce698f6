using System.Net;
using Dapper;
using Kilde.Kernel;

namespace Kilde.Portal.Tests;

/// <summary>What the validation service was asked (R3.06), as staff and the vendor see it.</summary>
[Collection(nameof(PortalSite))]
public class TrialTests(PortalSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Staff_see_all_trials_and_can_ask_for_one_vendors()
    {
        await TryAsync("stab-egen", SyntheticDay.OtherUnit, SyntheticDay.OwnVendor);
        await TryAsync("stab-annen", SyntheticDay.OtherUnit, SyntheticDay.OtherVendor);
        using var client = await site.ClientAsync(PortalSite.StaffId);

        var all = await client.GetStringAsync("/proving", Cancellation);
        var one = await client.GetStringAsync($"/proving?leverandor={SyntheticDay.OtherVendor}", Cancellation);

        all.ShouldContain("stab-egen");
        all.ShouldContain("stab-annen");
        one.ShouldNotContain("stab-egen");
        one.ShouldContain("stab-annen");
    }

    [Fact]
    public async Task A_vendor_sees_what_its_own_systems_tried_whatever_it_asks_for()
    {
        await TryAsync("vendor-egen", SyntheticDay.OtherUnit, SyntheticDay.OwnVendor);
        await TryAsync("vendor-annen", SyntheticDay.OwnUnit, SyntheticDay.OtherVendor);
        using var client = await site.ClientAsync(PortalSite.VendorId);

        var html = WebUtility.HtmlDecode(
            await client.GetStringAsync($"/proving?leverandor={SyntheticDay.OtherVendor}", Cancellation));

        html.ShouldContain("vendor-egen");
        html.ShouldContain("Ville blitt avvist (2008)");
        html.ShouldContain("HST-001");
        html.ShouldNotContain("vendor-annen");
        foreach (var path in (string[])["/mottak", "/avsendere", "/tilbakemeldinger", "/oppfolging", "/revisjon"])
            (await client.GetAsync(path, Cancellation)).StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
    }

    private async Task TryAsync(string software, OrganizationNumber unit, OrganizationNumber vendor)
    {
        await using var connection = await site.Databases.Register.Source.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync(
            """
            insert into intake.trial (
              trial_id, correlation_id, tried_at, client_id, unit, vendor, vendor_name, software_name,
              software_version, message_type, type_version, is_accepted, error_code, record_count, finding_count,
              broken_rules)
            values (@id, @id, @at, 'epj', @unit, @vendor, 'Fjordjournal AS', @software, '1', 'HST_Konsultasjon', '1',
              false, 2008, 3, 4, '[{"RuleId":"HST-001","Severity":3,"Count":4}]')
            """,
            new
            {
                id = Guid.CreateVersion7(), at = TimeProvider.System.GetUtcNow(), unit = unit.ToString(),
                vendor = vendor.ToString(), software,
            });
    }
}
