using Kilde.Kernel;
using Kilde.Quality.Calendar;
using Kilde.Quality.Cases;
using Kilde.Quality.Contacts;
using Kilde.Quality.Overview;
using Kilde.Quality.Sending;
using Microsoft.Extensions.DependencyInjection;

namespace Kilde.Portal.Tests;

/// <summary>Feedback of every kind and state to two made-up units, one of them the sender's own.</summary>
public sealed record SyntheticFeedback(Guid Own, Guid Undeliverable, Guid Other)
{
    public static async Task<SyntheticFeedback> SendAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var record = services.GetRequiredService<RecordCase>();
        var errors = CaseOf(SyntheticDay.OwnUnit, "Nordvika helsestasjon", "NPR_ORD", now) with
        {
            RuleCounts =
            [
                new("ORD-014", ControlLayer.Content, Severity.Error, 3),
                new("NPR-EPI-004", ControlLayer.Content, Severity.Warning, 1),
            ],
            Activity = [new("0", Sector.Somatic, ["01", "Nordvika", "Kirurgi", "Poliklinikk", "3"], [120])],
        };
        var hindered = CaseOf(SyntheticDay.OwnUnit, "Nordvika helsestasjon", "NPR_IDE", now.AddMinutes(-9)) with
        {
            Identities = new IdentityCounts(90, 2, 1),
            Contacts = [new(ContactType.Production, "Pia Produksjon", "pia@nordvika.example", "22334455")],
        };
        var refused = CaseOf(SyntheticDay.OtherUnit, "Furuset kommune", "NPR_ORD", now.AddHours(-3)) with
        {
            Outcome = CaseOutcome.Refused,
            RuleCounts = [new("STR-003", ControlLayer.Structure, Severity.Error, 1)],
        };
        foreach (var each in (FeedbackCase[])[hindered, errors, refused]) await record.RecordAsync(each, cancellation);
        var outbox = ActivatorUtilities.CreateInstance<SendOutbox>(services);
        for (var i = 0; i < 3; i++) await outbox.StepAsync(cancellation);

        var feedback = services.GetRequiredService<FindFeedback>();
        return new SyntheticFeedback(
            await FirstAsync(feedback, errors, cancellation), await FirstAsync(feedback, hindered, cancellation),
            await FirstAsync(feedback, refused, cancellation));
    }

    private static async Task<Guid> FirstAsync(
        FindFeedback feedback, FeedbackCase subject, CancellationToken cancellation) =>
        (await feedback.FindAsync(new FeedbackFilter(subject.Unit), 10, cancellation))
        .Single(line => line.SubmissionId == subject.SubmissionId).Feedback[0].FeedbackId;

    private static FeedbackCase CaseOf(OrganizationNumber unit, string name, string type, DateTimeOffset at)
    {
        var day = Norwegian.Day(at);

        // A month that was due has not come, whatever day it is: on the first of January last year is not due yet.
        var to = day.AddMonths(-2);
        return new FeedbackCase(
            Guid.CreateVersion7(), unit, name, unit.ToString(),
            new SendingSystem("Fjordjournal AS", "Fjord Sykehus", "8.2.1")
            {
                VendorNumber = unit == SyntheticDay.OwnUnit ? SyntheticDay.OwnVendor : SyntheticDay.OtherVendor,
            },
            new ReportedMessage(
                RegisterCode.Npr, type, "53.1.3", new DateOnly(to.Year, 1, 1), to, day, Records: 250),
            at, at, CaseOutcome.InRegister, GetsReports: true, [], [],
            [
                new(ContactType.Production, "Pia Produksjon", "pia@nordvika.example", "91234567"),
                new(ContactType.Vendor, "Vidar Vendor", "vidar@fjordjournal.example", "90909090"),
            ]);
    }
}

/// <summary>The hospitals that have to report in these tests.</summary>
internal sealed class TestObligations : IReportingObligations
{
    public Task<IReadOnlyList<ReportingObligation>> ReadAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<ReportingObligation>>(
        [
            .. from unit in (OrganizationNumber[])[SyntheticDay.OwnUnit, SyntheticDay.OtherUnit]
               from type in (string[])["NPR_ORD", "NPR_IDE"]
               select new ReportingObligation(
                   unit, unit == SyntheticDay.OwnUnit ? "Nordvika helsestasjon" : "Furuset kommune", type,
                   new DateOnly(2020, 1, 1), ToOn: null),
        ]);
}
