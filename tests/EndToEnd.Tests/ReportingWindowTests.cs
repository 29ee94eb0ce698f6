using System.Text;
using System.Text.RegularExpressions;
using Kilde.EndToEnd.Tests.Kit;
using Kilde.Intake.Slash.Client;
using Kilde.Kernel;
using Kilde.Platform.Development;
using Kilde.Synthetic;

namespace Kilde.EndToEnd.Tests;

/// <summary>
/// A January window: both municipalities are late, one sends the year right and the other wrong; the other finds out,
/// its vendor mends the extract and tries it, the finding closes, and both years are signed, which register staff see.
/// </summary>
public sealed partial class ReportingWindowTests : IDisposable
{
    private const string Check = "KPR-OMS-001";
    private const string CheckTitle = "Mer enn uken har timer";
    private const string Mend = "Slik rettes det";

    /// <summary>The same of a service told by message.</summary>
    private const string MessageRule = "KPR-KTT-001";

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
        using var vendor = await SignedInBrowser.OpenAsync(site.Url, "leverandor", Cancellation);

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
        (await CalendarAsync(staff)).Split("Levert etter frist").Length.ShouldBeGreaterThan(1);
        var finding = (await site.ReadAsync<string>(
            $"select finding_id::text from quality.finding where check_id = '{Check}'", Cancellation)).Single();
        (await hasty.PageAsync("/funn", Cancellation)).ShouldContain(CheckTitle);
        var told = await hasty.PageAsync($"/funn/{finding}", Cancellation);
        told.ShouldMatch(Alone(169));
        foreach (var part in (string[])[CheckTitle, Mend]) told.ShouldContain(part);
        var others = await prompt.PageAsync($"/funn/{finding}", Cancellation);
        others.ShouldNotMatch(Alone(169));
        foreach (var part in (string[])[CheckTitle, Mend]) others.ShouldNotContain(part);

        // The vendor tries its system's messages of the same, and then the mended file before it is sent.
        await TryAsync(site, vendor, staff);
        (await site.RunAsync(["validate", wrong], Cancellation)).Output.ShouldContain("KPR-IPL-003");
        (await site.RunAsync(["validate", right], Cancellation)).Output.ShouldNotContain("KPR-IPL-003");
        await IngestAsync(site, right);
        await FindingsAsync(site, "state = 'corrected'", 1);

        // Signed by one, and not yet by the other; staff see which, and then both.
        await SignAsync(hasty, "Rettet én tjeneste");
        (await YearAsync(staff, Hasty)).ShouldContain("«Rettet én tjeneste»");
        (await YearAsync(staff, Prompt)).ShouldContain("Året er ikke signert.");
        await SignAsync(prompt, "Stemmer");
        foreach (var each in (MunicipalityCode[])[Prompt, Hasty])
            (await YearAsync(staff, each)).ShouldContain("Året er signert.");
        (await YearAsync(staff, Prompt)).ShouldNotContain("«Rettet én tjeneste»");
        (await hasty.PageAsync("/tall", Cancellation)).ShouldContain("2019");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string NumberOf(MunicipalityCode municipality) => $"{MunicipalityYear.NumberOf(municipality)}";

    // The number in text or an address: identifiers and tokens, made by chance, may hold its digits.
    private static string Alone(int number) => $@"(?<![\w-]){number}(?![\w-])";

    private static string IdOf(MunicipalityCode municipality) => $"kommune-{municipality}";

    private static TestUser UserOf(MunicipalityCode municipality) => new(
        IdOf(municipality), "Kari Kommune", $"Avsender, {municipality.Name}",
        new Dictionary<string, string> { ["role"] = "sender", ["unit"] = NumberOf(municipality) });

    private static async Task SignAsync(SignedInBrowser municipality, string remark) =>
        (await municipality.SubmitAsync("/innsending", "sign", Cancellation, ("merknad", remark)))
            .ShouldContain("Året er signert.");

    private static Task<string> YearAsync(SignedInBrowser staff, MunicipalityCode municipality) =>
        staff.PageAsync($"/innsending?enhet={NumberOf(municipality)}", Cancellation);

    // Who has delivered the year, as the calendar tells staff: the links of the list in the municipal calendar's row.
    private static async Task<IEnumerable<string>> DeliveredAsync(SignedInBrowser staff)
    {
        var municipal = await CalendarAsync(staff);
        municipal.ShouldContain("<summary>Ikke levert");
        return municipal.Split("<summary>Levert").Skip(1)
            .SelectMany(each => Sender.Matches(each).Select(link => link.Groups["number"].Value));
    }

    private static async Task<string> CalendarAsync(SignedInBrowser staff)
    {
        var page = await staff.PageAsync("/oppfolging/kalender?aar=2019", Cancellation);
        var municipal = page[page.IndexOf("id=\"kpr-kommune\"", StringComparison.Ordinal)..];
        return municipal[..municipal.IndexOf("</section>", StringComparison.Ordinal)];
    }

    // What the vendor has tried is told to it and to register staff, and nothing of it is kept.
    private static async Task TryAsync(KildeSite site, SignedInBrowser vendor, SignedInBrowser staff)
    {
        using var client = site.Connect(site.Senders[0]);
        var person = site.Norway.MessagesOf(KildeSite.Day)
            .Select(message => Number.Match(Encoding.UTF8.GetString(message.Json.Span)))
            .First(found => found.Success).Groups["number"].Value;
        (await ValidateAsync(169)).ShouldBeGreaterThan(await ValidateAsync(168));

        foreach (var browser in (SignedInBrowser[])[vendor, staff])
        {
            var tried = await browser.PageAsync("/proving", Cancellation);
            tried.ShouldContain(MessageRule);
            tried.ShouldContain("KTT_Tjeneste");
        }

        (await vendor.PageAsync($"/innsending?enhet={NumberOf(Hasty)}", Cancellation)).ShouldNotMatch(Alone(2019));
        (await site.ReadAsync<long>("select count(*) from register.ktt_tjeneste", Cancellation)).ShouldBe([0]);

        async Task<int> ValidateAsync(int hours)
        {
            var message =
                $$"""
                [{ "orgNr": "{{site.Senders[0].Unit.Number}}", "kommuneNr": "{{Hasty}}", "tjeneste": [{
                   "tjenesteId": "T-1", "registrertTid": "{{KildeSite.Day:yyyy-MM-dd}}T10:00:00+01:00",
                   "tjenestetype": "15", "vedtakUtfall": "2", "startDato": "{{KildeSite.Day:yyyy}}-01-10",
                   "timerPerUke": {{hours}},
                   "person": { "fodselsNr": "{{person}}" } }] }]
                """;
            var reply = await client.ValidateAsync(
                new OutgoingMessage("KTT_Tjeneste", "1", Encoding.UTF8.GetBytes(message), KildeSite.Day),
                Cancellation);
            reply.Answer.Errors.ShouldBeEmpty();
            return reply.Answer.Warnings?.Sum(place => place.Errors.Count) ?? 0;
        }
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

    [GeneratedRegex("\"fodselsNr\": *\"(?<number>[0-9]{11})\"", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Number { get; }

    [GeneratedRegex("tjTimerUke>[0-9.]+<", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Hours { get; }
}
