using System.Diagnostics;
using Kilde.Definitions;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Register.Merging;

namespace Kilde.Bench;

/// <summary>Seconds that messages took.</summary>
/// <param name="Rival">Zero when there was none.</param>
internal readonly record struct TakenIn(double Reading, double Merging, double Rival)
{
    public double Ours => Reading + Merging;
}

/// <summary>Takes daily messages in as the platform does, some at a time, and turn by turn as a rival does.</summary>
internal sealed class MergeDesk(RegisterMerge merge, MessageReader reader)
{
    private const int MessagesPerMerge = 10;

    /// <summary>What the messages hold.</summary>
    public RecordType Records => reader.Type.RecordTypes[0];

    /// <summary>For messages of a type of the real definitions, in its first version.</summary>
    public static MergeDesk Of(ServiceProvider services, string type) =>
        Of(services, services.GetRequiredService<DefinitionCatalogue>(), type);

    public static MergeDesk Of(ServiceProvider services, DefinitionCatalogue catalogue, string type) =>
        new(services.GetRequiredService<RegisterMerge>(), catalogue.ReaderOf(catalogue.Find(type, "1")!));

    /// <summary>Takes the rows of a message that has been read; gives the seconds it took.</summary>
    public delegate Task<double> Rival(OrganizationNumber sender, RecordBatch rows, CancellationToken cancellation);

    /// <param name="rival">Meets the same machine, for its turn comes after each of ours; null for none.</param>
    public async Task<TakenIn> TakeAsync(
        IEnumerable<(OrganizationNumber Sender, byte[] Message)> messages, Rival? rival,
        CancellationToken cancellation)
    {
        var (reading, merging, others) = (0.0, 0.0, 0.0);
        foreach (var several in messages.Chunk(MessagesPerMerge))
        {
            var started = Stopwatch.GetTimestamp();
            var contents = several.Select(one => Read(one.Sender, one.Message)).ToArray();
            var read = Stopwatch.GetTimestamp();
            await merge.MergeAsync(contents, (_, _) => Task.CompletedTask, cancellation);
            reading += Stopwatch.GetElapsedTime(started, read).TotalSeconds;
            merging += Stopwatch.GetElapsedTime(read).TotalSeconds;
            if (rival is null) continue;
            foreach (var content in contents)
                others += await rival(content.Sender, content.Content.Batches[0], cancellation);
        }

        return new TakenIn(reading, merging, others);
    }

    private SubmissionContent Read(OrganizationNumber sender, byte[] message)
    {
        var content = reader.Read(message, new ReadOptions(PersonIdentifierPolicy.Test, BenchSite.Day));
        // To be told that a number is a D-number is no fault.
        return content.IsAccepted && content.Findings.All(finding => finding.Severity == Severity.Information)
            ? new SubmissionContent(Guid.CreateVersion7(), sender, BenchSite.Day, content)
            : throw new InvalidOperationException($"Refused: {content.Findings[0].Text}");
    }
}
