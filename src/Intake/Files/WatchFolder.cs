using Kilde.Intake.Log;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Files;

/// <summary>The folder that files are received from. Section <c>Intake:Files</c>.</summary>
public sealed class WatchedFolderOptions
{
    /// <summary>Files put here are received. Without it no folder is watched.</summary>
    public string? WatchedFolder { get; set; }
}

/// <summary>
/// Receives the files that are put into a folder. A file is claimed by renaming it into <c>tatt</c>, and ends in
/// <c>ferdig</c> or, with a text beside it that says why, in <c>feilet</c>. Its receipt is laid beside it
/// (<see cref="AnswerFiles"/>).
/// </summary>
/// <remarks>
/// Only files ending in <c>.xml</c> or <c>.zip</c> are taken: whoever writes one gives it its name when it is whole. A
/// file left in <c>tatt</c> by a stop is received again at the next start; the same bytes change nothing. Any number of
/// nodes may watch one folder: a rename succeeds for one of them.
/// </remarks>
internal sealed partial class WatchFolder(
    ReceiveFile receive, AnswerFiles answers, IOptions<WatchedFolderOptions> options, TimeProvider clock,
    ILogger<WatchFolder> logger)
{
    public const string ClaimedFolder = "tatt";
    public const string FinishedFolder = "ferdig";
    public const string FailedFolder = "feilet";

    private const string ArchiveEnding = ".zip";
    private static readonly string[] Endings = [".xml", ArchiveEnding];
    private const string Handler = "mappe";
    private const int ClaimCharacters = 32;
    private static readonly TimeSpan OutagePause = TimeSpan.FromSeconds(5);

    private bool _hasResumed;

    /// <summary>True for the name of a file as it was put here; a receipt beside it is none.</summary>
    internal static bool IsTaken(string name) =>
        Endings.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)
        && !name.EndsWith(FileReceipt.Ending, StringComparison.Ordinal);

    internal static bool IsArchive(string name) =>
        name.EndsWith(ArchiveEnding, StringComparison.OrdinalIgnoreCase);

    private static bool IsClaimed(string name) =>
        name.Length > ClaimCharacters && Guid.TryParseExact(name[..ClaimCharacters], "N", out _);

    /// <summary>What the name of a claimed file begins with.</summary>
    internal static Guid ClaimOf(string name) => Guid.ParseExact(name[..ClaimCharacters], "N");

    /// <summary>The name the file had before it was claimed.</summary>
    internal static string GivenNameOf(string name) => name[(ClaimCharacters + 1)..];

    /// <summary>One file. True when there was one.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (options.Value.WatchedFolder is not { Length: > 0 } folder) return false;
        foreach (var name in (string[])[ClaimedFolder, FinishedFolder, FailedFolder])
            Directory.CreateDirectory(Path.Combine(folder, name));
        if (Next(folder) is not { } claimed) return false;

        while (true)
        {
            try
            {
                var received = await receive.ReceiveAsync(
                    claimed, unit: null, Handler, progress: null, cancellation);
                await FinishAsync(folder, claimed, received, cancellation);
                return true;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                var unread = new ReceivedFile(
                    Path.GetFileName(claimed), new FileOutcome.Refused("Filen kan ikke leses."));
                await FinishAsync(folder, claimed, [unread], cancellation);
                return true;
            }
            catch (StorageUnavailableException)
            {
                await Task.Delay(OutagePause, clock, cancellation);
            }
        }
    }

    // First what a stop left behind, and then what is new, the oldest first.
    private string? Next(string folder)
    {
        if (!_hasResumed)
        {
            var left = Files(Path.Combine(folder, ClaimedFolder)).FirstOrDefault(file => IsClaimed(file.Name));
            if (left is not null) return left.FullName;
            _hasResumed = true;
        }

        foreach (var file in Files(folder))
        {
            var claim = $"{Guid.CreateVersion7(clock.GetUtcNow()):N}_{file.Name}";
            var claimed = Path.Combine(folder, ClaimedFolder, claim);
            try
            {
                File.Move(file.FullName, claimed, overwrite: false);
                return claimed;
            }
            catch (FileNotFoundException)
            {
                // Another node was faster.
            }
        }

        return null;
    }

    private static IEnumerable<FileInfo> Files(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles()
            .Where(file => Endings.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
            .OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal);

    // Until it lies where it ends it is left behind: after a failure here the next step begins with it.
    private async Task FinishAsync(
        string folder, string claimed, IReadOnlyList<ReceivedFile> received, CancellationToken cancellation)
    {
        var hasResumed = _hasResumed;
        _hasResumed = false;
        await MoveAsync(folder, claimed, received, cancellation);
        _hasResumed = hasResumed;
    }

    private async Task MoveAsync(
        string folder, string claimed, IReadOnlyList<ReceivedFile> received, CancellationToken cancellation)
    {
        var name = Path.GetFileName(claimed);
        var isWhole = received.All(one => one.Outcome is not FileOutcome.Refused);
        var ends = Path.Combine(folder, isWhole ? FinishedFolder : FailedFolder);
        await answers.NoteAsync(claimed, ends, received, cancellation);
        try
        {
            if (!isWhole)
            {
                await File.WriteAllLinesAsync(
                    Path.Combine(folder, FailedFolder, name + ".txt"), received.Select(Told), cancellation);
                Log.Failed(logger, name[..ClaimCharacters]);
            }

            File.Move(claimed, Path.Combine(ends, name), overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // A node that started meanwhile took it for left behind, and was faster. The same bytes changed nothing.
        }
    }

    private static string Told(ReceivedFile one) => one.Outcome switch
    {
        FileOutcome.Refused refused => $"{one.Name}: {refused.Text}",
        _ => $"{one.Name}: tatt imot",
    };

    private static partial class Log
    {
        [LoggerMessage(2151, LogLevel.Warning, "A file was not received; it lies in the folder feilet as {Claim}")]
        public static partial void Failed(ILogger logger, string claim);
    }
}
