using System.Text.RegularExpressions;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Kernel;
using Kilde.Platform.Development;
using Kilde.Synthetic;

namespace Kilde.EndToEnd.Tests;

/// <summary>
/// A January window: both municipalities are late, one sends the year right and the other wrong; the other finds out,
/// its vendor tries the mended file, the finding closes, and the years are signed, which register staff see.
/// </summary>
public sealed partial class ReportingWindowTests : IDisposable
{
    private const string Check = "KPR-OMS-001";
    private const string CheckTitle = "Mer enn uken har timer";

    private static readonly MunicipalityCode Prompt = MunicipalityCode.Parse("1103");
    private static readonly MunicipalityCode Hasty = MunicipalityCode.Parse("1106");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kilde-window-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_municipalities_a_vendor_and_staff_go_through_the_window()
    {
        await using var window = new MunicipalSite { Users = [UserOf(Prompt), UserOf(Hasty)] };
        await window.InitializeAsync();
        var site = window.Site;
        using var staff = await SignedInBrowser.OpenAsync(site.Url, "registermedarbeider", Cancellation);
        using var prompt = await SignedInBrowser.OpenAsync(site.Url, IdOf(Prompt), Cancellation);
        using var hasty = await SignedInBrowser.OpenAsync(site.Url, IdOf(Hasty), Cancellation);

        // The window is over and nothing has come.
        (await DeliveredAsync(staff)).ShouldBeEmpty();

        // One sends its year; the other has the hours of a month where those of a week belong.
        var right = Write(Hasty);
        var wrong = right + ".feil.xml";
        await File.WriteAllTextAsync(
            wrong, Hours.Replace(await File.ReadAllTextAsync(right, Cancellation), "tjTimerUke>169.00<", 1),
            Cancellation);
        await IngestAsync(site, Write(Prompt), wrong);
        await FindingsAsync(site, "state = 'open'", 1);
        await site.WaitForAsync<long>(
            "select count(*) from quality.submission where message_type = 'KPR_IPLOS' and outcome = 'in_register'",
            count => count == 2, Cancellation);

        // Late no more; what is wrong is the other's to see, and nobody else's.
        (await DeliveredAsync(staff)).ShouldBe([NumberOf(Prompt), NumberOf(Hasty)], ignoreOrder: true);
        var finding = (await site.ReadAsync<string>(
            $"select finding_id::text from quality.finding where check_id = '{Check}'", Cancellation)).Single();
        (await hasty.PageAsync("/funn", Cancellation)).ShouldContain(CheckTitle);
        var told = await hasty.PageAsync($"/funn/{finding}", Cancellation);
        told.ShouldContain("169");
        told.ShouldContain("Slik rettes det");
        (await prompt.PageAsync($"/funn/{finding}", Cancellation)).ShouldNotContain("169");

        // The vendor tries the mended file before it is sent.
        (await site.RunAsync(["validate", wrong], Cancellation)).Output.ShouldContain("KPR-IPL-003");
        (await site.RunAsync(["validate", right], Cancellation)).Output.ShouldNotContain("KPR-IPL-003");
        await IngestAsync(site, right);
        await FindingsAsync(site, "state = 'corrected'", 1);

        // Signed by one, and not by the other; staff see which.
        (await hasty.SubmitAsync("/innsending", "sign", Cancellation, ("merknad", "Rettet én tjeneste")))
            .ShouldContain("Året er signert.");
        (await staff.PageAsync($"/innsending?enhet={NumberOf(Hasty)}", Cancellation))
            .ShouldContain("«Rettet én tjeneste»");
        (await staff.PageAsync($"/innsending?enhet={NumberOf(Prompt)}", Cancellation))
            .ShouldContain("Året er ikke signert.");
        (await hasty.PageAsync("/tall", Cancellation)).ShouldContain("2019");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string NumberOf(MunicipalityCode municipality) => $"{MunicipalityYear.NumberOf(municipality)}";

    private static string IdOf(MunicipalityCode municipality) => $"kommune-{municipality}";

    private static TestUser UserOf(MunicipalityCode municipality) => new(
        IdOf(municipality), "Kari Kommune", $"Avsender, {municipality.Name}",
        new Dictionary<string, string> { ["role"] = "sender", ["unit"] = NumberOf(municipality) });

    // Who has delivered the year, as the calendar tells staff: the links of the list in the municipal calendar's row.
    private static async Task<IEnumerable<string>> DeliveredAsync(SignedInBrowser staff)
    {
        var page = await staff.PageAsync("/oppfolging/kalender?aar=2019", Cancellation);
        var municipal = page[page.IndexOf("id=\"kpr-kommune\"", StringComparison.Ordinal)..];
        municipal.ShouldContain("<summary>Ikke levert");
        var delivered = municipal[..municipal.IndexOf("</section>", StringComparison.Ordinal)].Split("<summary>Levert");
        return delivered.Skip(1).SelectMany(each => Sender.Matches(each).Select(link => link.Groups["number"].Value));
    }

    private static async Task IngestAsync(KildeSite site, params string[] files)
    {
        var (exitCode, output) = await site.RunAsync(["ingest", .. files, "--wait"], Cancellation);
        exitCode.ShouldBe(0, output);
    }

    private static Task<long> FindingsAsync(KildeSite site, string condition, long expected) =>
        site.WaitForAsync<long>(
            $"select count(*) from quality.finding where check_id = '{Check}' and {condition}",
            count => count == expected, Cancellation);

    private string Write(MunicipalityCode municipality)
    {
        var file = "";
        MunicipalityYear.Write(
            new MunicipalityYearOrder
            {
                Municipality = municipality, AsOf = new DateOnly(2019, 12, 31), Seed = 5, Share = 0.02,
            },
            [MunicipalityFileKind.AnnualCare],
            name => File.Create(file = Path.Combine(_folder.FullName, $"{municipality}-{name}")));
        return file;
    }

    [GeneratedRegex("/avsendere/(?<number>[0-9]{9})", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Sender { get; }

    [GeneratedRegex("tjTimerUke>[0-9.]+<", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Hours { get; }
}
