using Kilde.Intake.Overview;
using Kilde.Quality.Calendar;

namespace Kilde.Host.Feedback;

/// <summary>Tells the calendar who has to send what: the senders as intake has them configured.</summary>
internal sealed class ConfiguredObligations(FindSenders senders) : IReportingObligations
{
    private const int PageRows = 500;

    public async Task<IReadOnlyList<ReportingObligation>> ReadAsync(CancellationToken cancellation)
    {
        List<ReportingObligation> obligations = [];
        IReadOnlyList<SenderLine> page = [];
        do
        {
            page = await senders.FindAsync(text: null, page.Count == 0 ? null : page[^1].Unit, PageRows, cancellation);
            obligations.AddRange(
                from sender in page
                from each in sender.Obligations
                select new ReportingObligation(sender.Unit, sender.Name, each.MessageType, each.FromOn, each.ToOn)
                {
                    Institutions = sender.Institutions,
                });
        }
        while (page.Count == PageRows);
        return obligations;
    }
}
