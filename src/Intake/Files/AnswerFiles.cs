using Dapper;
using Kilde.Intake.Headers;
using Kilde.Platform.Databases;
using Microsoft.Extensions.Options;

namespace Kilde.Intake.Files;

/// <summary>
/// Lays the receipt (AppRec) of each file of the watched folder beside it, as <c>NAME.apprec.xml</c>: at once when it
/// was not received, and else when it is judged. In an archive the second message's is <c>NAME.2.apprec.xml</c>.
/// </summary>
internal sealed class AnswerFiles(
    RegisterDatabase database, IOptions<WatchedFolderOptions> options, TimeProvider clock)
{
    private const int RowsMax = 100;

    /// <summary>Remembers which submissions a file became, and answers at once what was not received.</summary>
    /// <param name="claimed">The file as it is claimed: its name begins with its claim.</param>
    /// <param name="folder">Where it will lie.</param>
    public async Task NoteAsync(
        string claimed, string folder, IReadOnlyList<ReceivedFile> received, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var name = Path.GetFileName(claimed);
        List<(int Part, Guid Submission)> submissions = [];
        for (var i = 0; i < received.Count; i++)
        {
            var part = WatchFolder.IsArchive(name) ? i + 1 : 0;
            switch (received[i].Outcome)
            {
                case FileOutcome.Refused refused:
                    await WriteAsync(
                        Path.Combine(folder, NameOf(name, part)),
                        FileReceipt.OfRefusal(WatchFolder.GivenNameOf(received[i].Name), refused, now), cancellation);
                    break;
                case FileOutcome.Received one:
                    submissions.Add((part, one.SubmissionId));
                    break;
                case FileOutcome.Repeated one:
                    submissions.Add((part, one.SubmissionId));
                    break;
            }
        }

        if (submissions.Count == 0) return;
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new CommandDefinition(
            """
            insert into intake.handed_in (claim, part, submission_id, handed_in_at)
            select @claim, part, submission_id, @now
            from unnest(@parts, @submissions) as handed_in (part, submission_id)
            on conflict (claim, part) do nothing
            """,
            new
            {
                claim = WatchFolder.ClaimOf(name), now,
                parts = submissions.Select(one => one.Part).ToArray(),
                submissions = submissions.Select(one => one.Submission).ToArray(),
            },
            cancellationToken: cancellation));
    }

    /// <summary>One round. True when there may be more to answer.</summary>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        if (options.Value.WatchedFolder is not { Length: > 0 } folder) return false;
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var due = (await connection.QueryAsync<Due>(new CommandDefinition(
            """
            select h.claim, h.part, r.body
            from intake.handed_in h
            join intake.receipt r on r.submission_id = h.submission_id
            where h.answered_at is null
            order by h.handed_in_at
            limit @rows
            """,
            new { rows = RowsMax },
            cancellationToken: cancellation))).AsList();
        List<Due> answered = [];
        foreach (var one in due)
        {
            if (await LayAsync(folder, one, cancellation)) answered.Add(one);
        }

        await connection.ExecuteAsync(new CommandDefinition(
            """
            update intake.handed_in set answered_at = @now
            where (claim, part) in (select claim, part from unnest(@claims, @parts) as answered (claim, part))
            """,
            new
            {
                now = clock.GetUtcNow(), claims = answered.Select(one => one.Claim).ToArray(),
                parts = answered.Select(one => one.Part).ToArray(),
            },
            cancellationToken: cancellation));
        return answered.Count == RowsMax;
    }

    // False while the file is still being moved: then it is its turn next time. Who has taken the finished file away
    // gets the receipt all the same, by the claim alone.
    private static async Task<bool> LayAsync(string folder, Due due, CancellationToken cancellation)
    {
        var claim = $"{due.Claim:N}";
        if (Find(folder, WatchFolder.ClaimedFolder, claim) is not null) return false;
        var file = Find(folder, WatchFolder.FinishedFolder, claim) ?? Find(folder, WatchFolder.FailedFolder, claim)
            ?? Path.Combine(folder, WatchFolder.FinishedFolder, claim);
        await WriteAsync(
            Path.Combine(Path.GetDirectoryName(file)!, NameOf(Path.GetFileName(file), due.Part)), due.Body,
            cancellation);
        return true;
    }

    private static string? Find(string folder, string state, string claim) =>
        Directory.EnumerateFiles(Path.Combine(folder, state), claim + "_*")
            .FirstOrDefault(WatchFolder.IsTaken);

    private static string NameOf(string file, int part) =>
        part == 0 ? file + FileReceipt.Ending : $"{file}.{part}{FileReceipt.Ending}";

    // Under its name when it is whole: whoever looks for receipts may look at any moment.
    private static async Task WriteAsync(string file, byte[] receipt, CancellationToken cancellation)
    {
        await File.WriteAllBytesAsync(file + ".del", receipt, cancellation);
        File.Move(file + ".del", file, overwrite: true);
    }

    private sealed record Due(Guid Claim, int Part, byte[] Body);
}
