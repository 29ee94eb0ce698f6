using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Intake.Judging;
using Kilde.Quality.Cases;

namespace Kilde.Host.Feedback;

/// <summary>Has messages counted for the activity feedback while intake judges them.</summary>
internal sealed class FeedbackTally : ISubmissionTally
{
    public ITallying? Begin(MessageType type) => ActivityTally.Counts(type) ? new Tallying() : null;

    private sealed class Tallying : ITallying
    {
        private readonly ActivityTally _tally = new();

        public void Add(RecordBatch batch) => _tally.Add(batch);

        public void Add(IdentityBatch batch) => _tally.Add(batch);

        public string ToText() => _tally.End().ToText();
    }
}
