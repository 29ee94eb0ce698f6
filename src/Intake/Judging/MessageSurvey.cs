using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Intake.Judging;

/// <summary>Reads a message to its end, and keeps what its verdict stands on: names and counts, no rows.</summary>
/// <param name="memory">What is known of the parts of the message before in the queue.</param>
internal sealed class MessageSurvey(ISubmissionTally? tally, PartsMemory? memory)
{
    /// <summary>More institutions than the country has are a fault in the file.</summary>
    private const int InstitutionsMax = 10_000;

    /// <summary>Persons among whom the same number is looked for: no sender has more in a year.</summary>
    private const int NumbersMax = 2_000_000;

    // Volven 7371: changes and continuous messages do not stand for a whole year.
    private static readonly string[] PartialKinds = ["E", "K"];

    private readonly HashSet<string> _institutions = [];
    private readonly HashSet<(string Institution, PersonIdentifier Number)> _numbers = [];
    private string? _firstInstitution;
    private int _valid;
    private int _duplicates;
    private int _unknown;

    public IReadOnlyCollection<string> Institutions => _institutions;

    public MessageType? Type { get; private set; }

    public MessageOutcome? Outcome { get; private set; }

    public Judgement? Judgement { get; private set; }

    public bool IsOfWholePeriod { get; private set; } = true;

    /// <summary>
    /// The same reading, surveyed by whoever reads it; the survey is done when its <see cref="Outcome"/> is asked for.
    /// </summary>
    public MessageReading Watch(MessageReading reading)
    {
        Type = reading.Type;
        var tallying = tally?.Begin(Type);
        var parts = JudgedParts.Begin(reading, memory, tallying?.Form ?? "");

        // What is not known here must be read here, whoever else knows it.
        if (parts is null) reading.Parts?.Know(_ => null);
        return new Watched(this, reading, tallying, parts);
    }

    /// <summary>Reads what is left.</summary>
    public static void ReadToEnd(MessageReading watched, CancellationToken cancellation)
    {
        while (!watched.Type.HasIdentities && watched.Next() is not null) cancellation.ThrowIfCancellationRequested();
        while (watched.Type.HasIdentities && watched.NextIdentities() is not null)
            cancellation.ThrowIfCancellationRequested();
        _ = watched.Outcome;
    }

    private void Conclude(MessageEnvelope? envelope, ITallying? tallying, JudgedParts? parts)
    {
        if (envelope?.Institution is { Length: > 0 } told) Add([told]);
        var isWhole = Type!.Replacement == Replacement.CumulativePerPeriod && !PartialKinds.Contains(envelope?.Kind);
        IsOfWholePeriod = !isWhole || envelope?.From is null or { Month: 1, Day: 1 };
        Judgement = new Judgement(
            _firstInstitution, envelope?.From, envelope?.To, envelope?.Contacts ?? [],
            Type.HasIdentities ? new IdentityFigures(_valid, _unknown, _duplicates) : null,
            Outcome!.IsAccepted ? tallying?.ToText(envelope?.Institution) : null)
        {
            LocalId = envelope?.LocalId,
            Parts = isWhole && Outcome.IsAccepted ? parts?.ToMemory(tallying) : null,
        };
    }

    private void Count(IdentityBatch identities)
    {
        for (var i = 0; i < identities.Count; i++)
        {
            if (!identities.Persons[i].HasIdentifier)
            {
                _unknown++;
                continue;
            }

            _valid++;
            var number = (identities.Institutions[i], identities.Persons[i].Primary);
            if (_numbers.Contains(number)) _duplicates++;
            else if (_numbers.Count < NumbersMax) _numbers.Add(number);
        }
    }

    /// <summary>Surveys what passes by.</summary>
    private sealed class Watched(
        MessageSurvey survey, MessageReading inner, ITallying? tallying, JudgedParts? parts) : MessageReading
    {
        private MessageOutcome? _outcome;

        public override MessageType Type => inner.Type;

        public override MessageEnvelope? Envelope => inner.Envelope;

        public override MessageParts? Parts => inner.Parts;

        public override MessageOutcome Outcome => _outcome ??= Conclude();

        public override RecordBatch? Next()
        {
            if (inner.Next() is not { } batch) return null;
            survey.Add(batch.Institutions ?? []);
            tallying?.Add(batch);
            parts?.Add(batch);
            return batch;
        }

        public override IdentityBatch? NextIdentities()
        {
            if (inner.NextIdentities() is not { } identities) return null;
            survey.Add(identities.Institutions);
            survey.Count(identities);
            tallying?.Add(identities);
            return identities;
        }

        private MessageOutcome Conclude()
        {
            if (parts is not null) survey.Add([.. parts.Recall(tallying)]);
            survey.Outcome = inner.Outcome;
            survey.Conclude(inner.Envelope, tallying, parts);
            return survey.Outcome;
        }
    }

    // The same few stand in row after row.
    private void Add(string[] institutions)
    {
        string? last = null;
        foreach (var institution in institutions)
        {
            if (ReferenceEquals(institution, last) || institution == last) continue;
            last = institution;
            if (institution.Length == 0 || _institutions.Count >= InstitutionsMax) continue;
            _firstInstitution ??= institution;
            _institutions.Add(institution);
        }
    }
}
