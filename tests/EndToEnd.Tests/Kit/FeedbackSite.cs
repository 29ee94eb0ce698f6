using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ICSharpCode.SharpZipLib.Zip;
using Kilde.Audit;
using Kilde.Intake.Senders;
using Kilde.Kernel;
using Kilde.Synthetic;
using Kilde.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.EndToEnd.Tests.Kit;

/// <summary>A report as its reader has it: taken out of the mail's zip with the password from the SMS.</summary>
public sealed record OpenedReport(string Name, byte[] Content)
{
    public string Html => Encoding.UTF8.GetString(Content);
}

/// <summary>Kilde with a mail server beside it, and a hospital trust that is set up to report.</summary>
public sealed partial class FeedbackSite : IAsyncLifetime
{
    public const string Producer = "produksjon@finnmark.example";
    public const string ProducerMobile = "+4741234567";
    public const string Somatic = "somatikk@finnmark.example";
    public const string Vendor = "leverandor@fjell.example";

    private static readonly DateOnly AsOf = new(2019, 4, 30);
    private readonly MailServer _mail = new();

    public KildeSite Site { get; private set; } = null!;

    public HospitalTrust Trust { get; } =
        TrustDirectory.Find("Finnmark") ?? throw new InvalidOperationException("There is no such trust.");

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await _mail.InitializeAsync();
        Site = await KildeSite.StartAsync(cancellation, new Dictionary<string, string>
        {
            ["Quality:Smtp:Host"] = "127.0.0.1",
            ["Quality:Smtp:Port"] = $"{_mail.Port}",
            ["Quality:Smtp:UsesTls"] = "false",
            ["Quality:Smtp:From"] = "kilde@register.example",
        });
        var sender = new SenderConfiguration(
            Trust.Number, Trust.Name, Trust.Number,
            [.. Trust.Institutions.Select(each => new SubUnit(each.Number, each.Name))], [],
            [.. from type in (string[])["NPR_ORD", "NPR_IDE", "NPR_PAK", "NPR_KPP"]
                select new Obligation(type, new DateOnly(2019, 1, 1))]);
        await Site.UseAsync(services => services.GetRequiredService<ConfigureSender>().ConfigureAsync(
            sender, new AccessGround(Actor.System("tests"), "Oppsett av avsender"), cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        if (Site is not null) await Site.DisposeAsync();
        await _mail.DisposeAsync();
    }

    /// <summary>Writes a file of the trust's year, with the contact persons of these tests.</summary>
    /// <param name="mobile">Of the contact for technical production.</param>
    /// <param name="change">What is done to the text of the file.</param>
    /// <remarks>A message of costs has no contact persons.</remarks>
    public string Write(
        TrustFileKind kind, long seed, FaultMix faults, string mobile = ProducerMobile,
        Func<string, string>? change = null)
    {
        using var written = new MemoryStream();
        var order = new TrustYearOrder { Trust = Trust, AsOf = AsOf, Share = 0.02, Seed = seed, Faults = faults };
        TrustYear.Write(order, new Dictionary<TrustFileKind, Stream> { [kind] = written });
        var text = Contacts.Replace(Encoding.UTF8.GetString(written.ToArray()), "");
        var contacts = Contact(1, Producer, mobile) + Contact(2, Somatic, "98765432")
            + Contact(15, Vendor, "+47 90909090");
        if (kind != TrustFileKind.Cost) text = FirstInstitution.Replace(text, contacts + "$0", 1);
        var file = Path.Combine(Site.Folder, $"{kind}-{seed}.xml");
        File.WriteAllText(file, change?.Invoke(text) ?? text);
        return file;
    }

    /// <summary>The next report to an address, opened with the password that the outbox shows as SMS.</summary>
    public async Task<OpenedReport> NextReportAsync(string address, string mobile)
    {
        var mail = await _mail.NextToAsync(address);
        using var zip = new ZipFile(new MemoryStream(mail.Attachment)) { Password = await PasswordAsync(mobile) };
        using var content = new MemoryStream();
        await zip.GetInputStream(zip[0]).CopyToAsync(content, TestContext.Current.CancellationToken);
        return new OpenedReport(zip[0].Name, content.ToArray());
    }

    /// <summary>A page as staff of the register sees it.</summary>
    public async Task<string> PageAsync(string path)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var browser = await SignedInBrowser.OpenAsync(Site.Url, "registermedarbeider", cancellation);
        return (await browser.ReadAsync([path], pagesMax: 1, cancellation))[path];
    }

    private async Task<string> PasswordAsync(string mobile)
    {
        await Site.WaitForAsync<long>(
            "select count(*) from quality.outbox where channel = 'sms' and state = 'waiting'", waiting => waiting == 0,
            TestContext.Current.CancellationToken);
        var outbox = WebUtility.HtmlDecode(await PageAsync("/oppfolging/utboks"));
        var at = outbox.IndexOf($"SMS til {mobile}", StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0, outbox);
        return Password.Match(outbox, at).Value;
    }

    private static string Contact(int type, string email, string mobile) =>
        $"<Kontaktperson kontPerson=\"Kontakt {type}\" meldTelefon=\"{mobile}\" meldEpost1=\"{email}\" "
        + $"typeKontaktperson=\"{type}\"/>";

    [GeneratedRegex("<Kontaktperson [^>]*/>", RegexOptions.None, 1000)]
    private static partial Regex Contacts { get; }

    [GeneratedRegex("<Institusjon ", RegexOptions.None, 1000)]
    private static partial Regex FirstInstitution { get; }

    [GeneratedRegex(@"\b\w{4,5}(-\w{4,5}){3}\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Password { get; }
}
