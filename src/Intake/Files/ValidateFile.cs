using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Intake.Headers;
using Kilde.Intake.Judging;
using Kilde.Kernel;

namespace Kilde.Intake.Files;

/// <summary>What the intake would have said of one message of a file.</summary>
/// <param name="Name">The file's name; in an archive, behind the archive's.</param>
/// <param name="Type">Null when it could not be told.</param>
/// <param name="Findings">The first ones; <paramref name="FindingCount"/> tells how many there are.</param>
/// <param name="RuleCounts">How often each rule was broken, all counted.</param>
public sealed record ValidatedFile(
    string Name, MessageType? Type, bool IsRefused, int RecordCount, IReadOnlyList<Finding> Findings, int FindingCount,
    IReadOnlyList<RuleCount> RuleCounts);

/// <summary>
/// Checks XML messages in files as the intake does, of any size and in constant memory: envelope, structure, codes and
/// content. Nothing is stored, and no database is asked, so whether the sender may send it is not judged.
/// </summary>
public sealed class ValidateFile(DefinitionCatalogue catalogue)
{
    private readonly XmlFormats _formats = XmlFormats.Of(catalogue, takesTestTypes: true);

    /// <param name="progress">Told how many bytes of how many are read.</param>
    /// <returns>One for each message, in order; one alone for what is no archive.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<IReadOnlyList<ValidatedFile>> ValidateAsync(
        string path, ReadOptions options, Action<long, long>? progress, CancellationToken cancellation)
    {
        var name = Path.GetFileName(path);
        if (!XmlArchive.IsArchive(path))
        {
            FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
            var bytes = new FileInfo(path).Length;
            var open = Told(Open, read => progress?.Invoke(read, bytes));
            return [await ValidateAsync(name, open, options, cancellation)];
        }

        try
        {
            using var archive = XmlArchive.Open(path);
            var (total, before) = (archive.Parts.Sum(part => part.Bytes), 0L);
            var validated = new List<ValidatedFile>(archive.Parts.Count);
            foreach (var part in archive.Parts)
            {
                var done = before;
                var open = Told(part.Open, read => progress?.Invoke(Math.Min(total, done + read), total));
                validated.Add(part.Refusal is { } refusal
                    ? Refused($"{name}/{part.Name}", refusal)
                    : await ValidateAsync($"{name}/{part.Name}", open, options, cancellation));
                before += part.Bytes;
            }

            return validated;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            return [Refused(name, XmlArchive.Unreadable)];
        }
    }

    private async Task<ValidatedFile> ValidateAsync(
        string name, Func<Stream> open, ReadOptions options, CancellationToken cancellation)
    {
        var survey = new MessageSurvey(tally: null, memory: null);
        try
        {
            var fault = await new XmlMessage(open, _formats).ReadAsync(
                options, reading => Task.Run(
                    () => MessageSurvey.ReadToEnd(survey.Watch(reading), cancellation), cancellation),
                cancellation);
            var verdict = fault is not null
                ? Verdict.Refuse(fault)
                : JudgeMessage.RefusalOf(survey) ?? Verdict.Accept(survey.Outcome!);
            return new ValidatedFile(
                name, survey.Type, verdict.Rejection is not null, verdict.RecordCount, verdict.Findings,
                verdict.FindingCount, verdict.RuleCounts);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            return Refused(name, XmlArchive.Unreadable);
        }
        catch (BudgetSpentException)
        {
            return Refused(name, XmlArchive.TooLarge);
        }
    }

    private static ValidatedFile Refused(string name, string text) => new(
        name, null, IsRefused: true, 0,
        [new Finding($"INT-{(int)RejectionCode.NotReadable}", Severity.Error, "/", text)], 1, []);

    // The header is looked at first, so a file is opened more than once; what is told is how far the last one came.
    private static Func<Stream> Told(Func<Stream> open, Action<long> told) => () => new ToldStream(open(), told);
}
