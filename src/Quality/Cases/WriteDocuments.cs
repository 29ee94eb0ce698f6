using Kilde.Quality.Activity;
using Kilde.Quality.Documents;
using Microsoft.Extensions.Options;

namespace Kilde.Quality.Cases;

/// <summary>Writes a case's documents, with the register's own counts beside the file's.</summary>
public sealed class WriteDocuments(IRegisterCounts counts, ActivityForms forms, IOptions<QualityOptions> options)
{
    // The two halves of a year in specialist care: activity and identities, which come apart.
    private const string ActivityHalf = "NPR_ORD";

    /// <returns>The case as far as it is known now, and its documents.</returns>
    public async Task<(FeedbackCase Subject, IReadOnlyList<FeedbackDocument> Documents)> WriteAsync(
        FeedbackCase subject, CancellationToken cancellation)
    {
        var form = forms.Find(subject.Message.Type);
        var register = form is not null && subject.Activity.Count > 0
            ? await counts.CountAsync(subject, cancellation)
            : null;
        var isHalf = subject.Identities is not null
            || (subject.Message.Type == ActivityHalf && subject.Activity.Count > 0);
        if (subject is { Outcome: CaseOutcome.InRegister, Pair: null } && isHalf)
            subject = subject with { Pair = await counts.CountPairAsync(subject, cancellation) };
        return (
            subject,
            FeedbackPlan.DocumentsOf(subject, form, register, ReportTexts.In(options.Value.Language)));
    }
}
