using Kilde.Quality.Activity;
using Kilde.Quality.Documents;
using Microsoft.Extensions.Options;

namespace Kilde.Quality.Cases;

/// <summary>Writes a case's documents, with the register's own counts beside the file's.</summary>
public sealed class WriteDocuments(
    IRegisterCounts counts, FindHalf halves, ActivityForms forms, IOptions<QualityOptions> options)
{
    /// <returns>The case as far as it is known now, and its documents.</returns>
    public async Task<(FeedbackCase Subject, IReadOnlyList<FeedbackDocument> Documents)> WriteAsync(
        FeedbackCase subject, CancellationToken cancellation)
    {
        var form = forms.Find(subject.Message.Type);
        var register = form is not null && subject.Activity.Count > 0
            ? await counts.CountAsync(subject, cancellation)
            : null;
        if (subject.Pair is null && await halves.FindAsync(subject, cancellation) is { } other
            && await counts.CountPairAsync(subject, cancellation) is { } pair)
            subject = subject with { Pair = pair with { Identities = other.Identities } };
        return (
            subject,
            FeedbackPlan.DocumentsOf(subject, form, register, ReportTexts.In(options.Value.Language)));
    }
}
