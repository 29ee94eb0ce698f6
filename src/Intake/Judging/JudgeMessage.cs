using Kilde.Definitions.Reading;
using Kilde.Intake.Headers;
using Kilde.Intake.Log;
using Kilde.Intake.Senders;
using Kilde.Kernel;

namespace Kilde.Intake.Judging;

/// <summary>
/// Judges one received message: structure, codes and content by its definition, and whether its sender may send it.
/// Reads all of it, save the parts that are known from the message before, and keeps nothing.
/// </summary>
internal sealed class JudgeMessage(
    SenderDirectory senders, XmlFormats formats, PersonIdentifierPolicy identifiers, ISubmissionTally? tally,
    IContactCheck? contacts)
{
    /// <param name="memory">What is known of the parts of the message before in the queue.</param>
    /// <param name="firstAsync">
    /// Reads of the message what it will, before the rest of it is read; null when nobody else wants it.
    /// </param>
    public async Task<Verdict> JudgeAsync(
        Func<Stream> open, Submitter submitter, DateTimeOffset receivedAt, PartsMemory? memory,
        Func<MessageReading, Task>? firstAsync, CancellationToken cancellation)
    {
        var receivedOn = NorwegianDay.Of(receivedAt);
        var survey = new MessageSurvey(tally, memory);
        var fault = await new XmlMessage(open, formats).ReadAsync(
            new ReadOptions(identifiers, receivedOn), ReadAsync, cancellation);
        var verdict = fault is not null
            ? Verdict.Refuse(fault)
            : await JudgeAsync(survey, submitter, receivedOn, cancellation);
        if (survey.Judgement is not { } judgement) return verdict;
        return verdict.With(judgement, contacts?.Check(survey.Type!, judgement.Contacts, judgement.Tally) ?? []);

        async Task ReadAsync(MessageReading reading)
        {
            var watched = survey.Watch(reading);
            if (firstAsync is not null && await senders.MaySendAsync(submitter, reading.Type, receivedOn, cancellation))
                await firstAsync(watched);
            await Task.Run(() => MessageSurvey.ReadToEnd(watched, cancellation), cancellation);
        }
    }

    private async Task<Verdict> JudgeAsync(
        MessageSurvey survey, Submitter submitter, DateOnly receivedOn, CancellationToken cancellation)
    {
        var (type, outcome) = (survey.Type!, survey.Outcome!);
        if (!outcome.IsAccepted) return Verdict.Refuse(outcome);
        if (!await senders.MaySendAsync(submitter, type, receivedOn, cancellation))
            return Refuse(
                RejectionCode.SenderNotConfigured,
                $"Enheten {submitter.Unit} er ikke satt opp til å sende {type.Name}. Ta kontakt med registeret.");
        if (RefusalOf(survey) is { } refusal) return refusal;

        var strangers = await senders.CheckInstitutionsAsync(submitter.Unit, survey.Institutions, cancellation);
        return strangers.Count > 0
            ? Verdict.Refuse(RejectionCode.InstitutionNotOfSender, AppRecError.Other, strangers)
            : Verdict.Accept(outcome);
    }

    /// <summary>Why the message itself is refused, whoever sends it; null when it is not.</summary>
    public static Verdict? RefusalOf(MessageSurvey survey)
    {
        if (!survey.Outcome!.IsAccepted) return Verdict.Refuse(survey.Outcome);
        return survey.IsOfWholePeriod
            ? null
            : Refuse(
                RejectionCode.PeriodNotWhole,
                "Meldingen skal ha alle data fra 1. januar: perioden skal begynne den dagen.");
    }

    private static Verdict Refuse(RejectionCode code, string text) => Verdict.Refuse(
        code, AppRecError.Other, [new Finding($"INT-{(int)code}", Severity.Error, "/", text)]);
}
