using Kilde.Kernel;
using Kilde.Quality.Activity;
using Kilde.Quality.Cases;
using Kilde.Quality.Contacts;
using Kilde.Quality.Documents;

namespace Kilde.Quality.Tests;

/// <summary>Sound cases of a made-up hospital; a test changes one thing.</summary>
internal static class Cases
{
    public static readonly OrganizationNumber Unit = Number(310_000_000);

    public static readonly OrganizationNumber OtherUnit = Number(310_100_000);

    /// <summary>A municipality.</summary>
    public static readonly OrganizationNumber ThirdUnit = Number(310_200_000);

    public static readonly DateTimeOffset Received = new(2026, 5, 8, 7, 12, 0, TimeSpan.Zero);

    public static readonly ContactPerson Producer = new(
        ContactType.Production, "Pernille Produksjon", "produksjon@nordvika.example", "+47 912 34 567");

    public static readonly ContactPerson SomaticContact = new(
        ContactType.Somatic, "Somme Somatikk", "somatikk@nordvika.example", "98765432");

    public static readonly ContactPerson MentalContact = new(
        ContactType.AdultMentalHealth, "Pål Psykisk", "phv@nordvika.example", "45678901");

    public static readonly ContactPerson ChildContact = new(
        ContactType.ChildMentalHealth, "Birte Barn", "bup@nordvika.example", "40404040");

    public static readonly ContactPerson VendorContact = new(
        ContactType.Vendor, "Vidar Vendor", "support@fjordjournal.example", "004790909090");

    public static readonly ContactPerson[] AllContacts =
        [Producer, SomaticContact, MentalContact, ChildContact, VendorContact];

    public static FeedbackCase Activity { get; } = new(
        Guid.Parse("0197b2a0-0000-7000-8000-000000000001"), Unit, "Nordvika sykehus", Unit.ToString(),
        new SendingSystem("Fjordjournal AS", "Fjord Sykehus", "8.2.1", "53.2"),
        new ReportedMessage(
            RegisterCode.Npr, "NPR_ORD", "53.1.3", new DateOnly(2026, 1, 1), new DateOnly(2026, 4, 30),
            new DateOnly(2026, 5, 7), Records: 12_345),
        Received, Received.AddMinutes(3), CaseOutcome.InRegister, GetsReports: true, [], [], AllContacts)
    {
        Activity = Cells(file => file),
    };

    public static FeedbackCase WithContentErrors { get; } = Activity with
    {
        SubmissionId = Guid.Parse("0197b2a0-0000-7000-8000-000000000002"),
        RuleCounts =
        [
            new("ORD-014", ControlLayer.Content, Severity.Error, 124),
            new("ORD-031", ControlLayer.Content, Severity.Warning, 2),
            new("ORD-040", ControlLayer.Content, Severity.Error, 1),
        ],
        Findings =
        [
            .. Enumerable.Range(1, 80).Select(i => new CaseFinding(
                "ORD-014", ControlLayer.Content, Severity.Error,
                $"/Melding/Institusjon[1]/Objektholder[{i}]/Henvisningsperiode[1]/Episode[1]/Tilstand[1]/@kodeVerdi",
                $"I48{i % 10}", "En kode i ICD-10 som gjelder 30.04.2026", Mender.Sender,
                "Tilstandskoden finnes ikke i kodeverket på datoen episoden ble avsluttet.")),
            new("ORD-031", ControlLayer.Content, Severity.Warning,
                "/Melding/Institusjon[1]/Objektholder[7]/Henvisningsperiode[2]/Episode[1]/@utTidspunkt",
                "2026-03-01T08:00:00", "Tidligst 2026-03-02T10:15:00, som er inntidspunktet", Mender.Sender,
                "Utskrivning kan ikke være før innleggelse."),
            new("ORD-031", ControlLayer.Content, Severity.Warning,
                "/Melding/Institusjon[1]/Objektholder[9]/Henvisningsperiode[1]/Episode[3]/@utTidspunkt",
                null, null, Mender.Sender, "Utskrivning kan ikke være før innleggelse."),
            new("ORD-040", ControlLayer.Content, Severity.Error,
                "/Melding/Institusjon[1]/Enhet[3]/@offAvdKode", "<script>alert(1)</script>",
                "1–5 bokstaver og tall", Mender.Vendor, "Avdelingskoden mangler eller har feil form."),
        ],
    };

    public static FeedbackCase Refused { get; } = Activity with
    {
        SubmissionId = Guid.Parse("0197b2a0-0000-7000-8000-000000000003"),
        Outcome = CaseOutcome.Refused,
        Activity = [],
        RuleCounts = [new("STR-003", ControlLayer.Structure, Severity.Error, 1)],
        Findings =
        [
            new("STR-003", ControlLayer.Structure, Severity.Error, "/Melding/Institusjon[1]/@institusjonID, linje 14",
                null, "Et attributt med organisasjonsnummer", Mender.Vendor, "Et påkrevd attributt mangler."),
        ],
    };

    public static FeedbackCase Identities { get; } = Activity with
    {
        SubmissionId = Guid.Parse("0197b2a0-0000-7000-8000-000000000004"),
        Message = Activity.Message with { Type = "NPR_IDE", Records = 8_000 },
        Activity = [],
        Identities = new IdentityCounts(Valid: 7_912, Unknown: 88, Duplicates: 14),
        Pair = new PairCounts(WithoutActivity: 31, ActivityWithoutIdentity: 9) { Active = 7_978 },
    };

    /// <summary>The register left one episode of each cell in March out, and had less last year.</summary>
    public static RegisterCounts Register { get; } = new(
        Cells(file => file), Cells(file => file * 4 / 5))
    {
        Now =
        [
            .. Cells(file => file).Select(cell =>
                cell.Keys[0] == "03" ? cell with { Amounts = [cell.Amounts[0] - 1] } : cell),
        ],
    };

    private static ActivityCell[] Cells(Func<int, int> scale) =>
    [
        .. from month in Enumerable.Range(1, 4)
           from unit in (string[])["Kirurgisk", "Medisinsk"]
           from level in (int[])[1, 2, 3]
           select new ActivityCell(
               "0", Sector.Somatic,
               [$"{month:00}", "Nordvika sykehus, Furuset", unit + " avdeling", unit + " poliklinikk", $"{level}"],
               [scale((month * 100) + (level * 40) + (unit.Length * 3))]),
    ];

    // 31x xxx xxx is the range of synthetic organisations.
    private static OrganizationNumber Number(int first) =>
        Enumerable.Range(first, 20)
            .Select(digits => OrganizationNumber.TryParse(digits.ToString(), null, out var number) ? number : default)
            .First(number => number != default);
}
