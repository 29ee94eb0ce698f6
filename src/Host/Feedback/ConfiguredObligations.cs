using Kilde.Intake.Overview;
using Kilde.Quality.Calendar;

namespace Kilde.Host.Feedback;

/// <summary>Tells the calendar who has to send what: the senders as intake has them configured.</summary>
internal sealed class ConfiguredObligations(ListFeeds feeds) : IReportingObligations
{
    public async Task<IReadOnlyList<ReportingObligation>> ReadAsync(CancellationToken cancellation) =>
    [
        .. from feed in await feeds.ReadAsync(cancellation)
           select new ReportingObligation(feed.Unit, feed.UnitName, feed.MessageType, feed.FromOn, feed.ToOn)
           {
               Institutions = feed.Institutions,
           },
    ];
}
