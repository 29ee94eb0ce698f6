using Kilde.Definitions;
using Kilde.Definitions.Reading;
using Kilde.Intake.Headers;
using Kilde.Intake.Judging;

namespace Kilde.Intake.Files;

/// <summary>
/// Hands on the rows of XML messages in files, as the intake reads them, of any size. Nothing is stored, and no
/// database is asked.
/// </summary>
public sealed class ReadFile(DefinitionCatalogue catalogue)
{
    private readonly XmlFormats _formats = XmlFormats.Of(catalogue, takesTestTypes: true);

    /// <param name="take">Takes the reading of each message, of an archive those in it; false to read no more.</param>
    /// <returns>Why the file cannot be read, in bokmål; null when it could.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<string?> ReadAsync(
        string path, ReadOptions options, Func<MessageReading, bool> take, CancellationToken cancellation)
    {
        if (!XmlArchive.IsArchive(path))
        {
            return (await ReadAsync(() => File.OpenRead(path), options, take, cancellation)).Refusal;
        }

        try
        {
            using var archive = XmlArchive.Open(path);
            foreach (var part in archive.Parts)
            {
                if (part.Refusal is { } refusal) return refusal;
                var (isLast, fault) = await ReadAsync(part.Open, options, take, cancellation);
                if (isLast || fault is not null) return fault;
            }

            return null;
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            return XmlArchive.Unreadable;
        }
        catch (BudgetSpentException)
        {
            return XmlArchive.TooLarge;
        }
    }

    private async Task<(bool IsLast, string? Refusal)> ReadAsync(
        Func<Stream> open, ReadOptions options, Func<MessageReading, bool> take, CancellationToken cancellation)
    {
        var isLast = false;
        var fault = await new XmlMessage(open, _formats).ReadAsync(
            options, reading => Task.Run(() => isLast = !take(reading), cancellation), cancellation);
        return (isLast, isLast ? null : fault?.Text);
    }
}
