using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Intake.Judging;
using Kilde.Quality.Activity;

namespace Kilde.Host.Feedback;

/// <summary>Has messages counted for the activity feedback while intake judges them.</summary>
internal sealed class FeedbackTally(ActivityForms forms) : ISubmissionTally
{
    public ITallying? Begin(MessageType type) =>
        ActivityTally.For(type, forms) is { } tally ? new Tallying(tally) : null;

    private sealed class Tallying(ActivityTally tally) : ITallying
    {
        public void Add(RecordBatch batch) => tally.Add(batch);

        public void Add(IdentityBatch batch) => tally.Add(batch);

        public string ToText(string? institution) => tally.End(institution).ToText();

        public string Form => tally.Form;

        public IReadOnlyList<string> Counted => tally.Counted;

        public IEnumerable<PartCount>? OfParts => tally.OfParts;

        public void Add(string counted, int times) => tally.Add(counted, times);
    }
}
