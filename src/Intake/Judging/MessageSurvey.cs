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

    public void ReadToEnd(MessageReading reading, CancellationToken cancellation)
    {
        Type = reading.Type;
        var tallying = tally?.Begin(Type);
        var parts = JudgedParts.Begin(reading, memory, tallying?.Form ?? "");
        while (!Type.HasIdentities && reading.Next() is { } batch)
        {
            cancellation.ThrowIfCancellationRequested();
            Add(batch.Institutions ?? []);
            tallying?.Add(batch);
            parts?.Add(batch);
        }

        while (Type.HasIdentities && reading.NextIdentities() is { } identities)
        {
            cancellation.ThrowIfCancellationRequested();
            Add(identities.Institutions);
            Count(identities);
            tallying?.Add(identities);
        }

        if (parts is not null) Add([.. parts.Recall(tallying)]);
        Outcome = reading.Outcome;
        Conclude(reading.Envelope, tallying, parts);
    }

    private void Conclude(MessageEnvelope? envelope, ITallying? tallying, JudgedParts? parts)
    {
        if (envelope?.Institution is { Length: > 0 } told) Add([told]);
        var isWhole = Type!.Replacement == Replacement.CumulativePerPeriod && !PartialKinds.Contains(envelope?.Kind);
        IsOfWholePeriod = !isWhole || envelope?.From is null or { Month: 1, Day: 1 };
        Judgement = new Judgement(
            _firstInstitution, envelope?.From, envelope?.To, envelope?.Contacts ?? [],
            Type.HasIdentities ? new IdentityFigures(_valid, _unknown, _duplicates) : null,
            Outcome!.IsAccepted ? tallying?.ToText() : null)
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
