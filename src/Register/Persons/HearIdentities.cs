using Dapper;
using Kilde.Audit;
using Kilde.Definitions.Reading;
using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Register.Merging;
using Kilde.Register.Periods;
using Npgsql;

namespace Kilde.Register.Persons;

/// <summary>
/// Takes an identity message (NPR's module ide) to the vault: whom each institution's patient numbers are. The records
/// that came with those numbers, before or after, go to the persons as the register follows the vault.
/// </summary>
/// <remarks>
/// The vault gives the same answer again, so that a message that was cut off in the middle is just heard anew.
/// </remarks>
internal sealed class HearIdentities(VaultView vault)
{
    private const int ClaimsPerTelling = 10_000;

    private static readonly AccessGround Ground =
        new(Actor.System("register.merge"), "Mottak av identitetsmelding");

    private readonly OrderedDictionary<string, ChunkedList<IdentifierClaim>> _claims = [];
    private bool _isWhole = true;

    /// <summary>Reads the message to its end. Nothing is told before all of it has been accepted.</summary>
    public void Read(SubmissionReading submission)
    {
        while (submission.Reading.NextIdentities() is { } batch)
        {
            for (var row = 0; row < batch.Count; row++)
            {
                var institution = batch.Institutions[row];
                if (!_claims.TryGetValue(institution, out var claims)) _claims[institution] = claims = [];
                claims.Add(new IdentifierClaim(batch.Persons[row], submission.Sender) { Institution = institution });
            }
        }

        _isWhole = submission.IsWhole;
    }

    /// <summary>Tells the vault, institution by institution.</summary>
    public async Task<IReadOnlyList<HeardIdentities>> TellAsync(
        SubmissionHead head, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var all = new List<HeardIdentities>();
        foreach (var (institution, claims) in _claims)
        {
            var mayCorrect = !await HasNewerAsync(institution, head, connection, cancellation);
            var told = default(IdentitiesTold);
            var pages = new List<long[]>();
            foreach (var some in claims.Chunk(ClaimsPerTelling))
            {
                var (ofSome, patients) = await vault.TellAsync(some, mayCorrect, Ground, cancellation);
                told += ofSome;
                pages.Add([.. patients.Select(patient => patient.Value).Where(key => key != 0)]);
            }

            all.Add(new HeardIdentities(institution, told, pages));
        }

        return all;
    }

    /// <summary>Remembers what came of it, in the transaction of the batch.</summary>
    public async Task WriteAsync(
        IReadOnlyList<HeardIdentities> all, SubmissionHead head, MergeWrite write, CancellationToken cancellation)
    {
        var transaction = await write.SettledAsync();
        foreach (var (institution, told, pages) in all)
        {
            var period = new PeriodName(institution, head.Share, head.Type.Name, head.Year!.Value);
            var open = await PeriodTable.OpenAsync(period, head.ExtractedOn, transaction, cancellation);
            if (open.OvertakenBy is { } newer) write.MarkOvertaken(submissionNo: 1, period, newer);
            var change = new PeriodChange(head.SubmissionId, head.ExtractedOn, _isWhole, write.Batches.LastNo);
            await PeriodTable.WriteAsync(period, open.No, change, transaction, cancellation);
            if (!open.IsOvertaken)
                await PeriodPatients.WriteAsync(open.No, change, pages, transaction, cancellation);
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                Insert,
                new
                {
                    head.SubmissionId,
                    institution,
                    type = head.Type.Name,
                    year = head.Year.Value.Year,
                    head.ExtractedOn,
                    told.Told,
                    told.Linked,
                    told.Corrected,
                    told.Overtaken,
                    told.WithoutNumber,
                },
                transaction,
                cancellationToken: cancellation));
        }
    }

    // Of any year: a number corrected in this year's message is not given back by a late one about the last.
    private static Task<bool> HasNewerAsync(
        string institution, SubmissionHead head, NpgsqlConnection connection, CancellationToken cancellation) =>
        connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            """
            select exists (
              select from register.period
              where sender = @institution and message_type = @type and extracted_on > @ExtractedOn)
            """,
            new { institution, type = head.Type.Name, head.ExtractedOn },
            cancellationToken: cancellation));

    private const string Insert =
        """
        insert into register.identity_told (
          submission_id, sender, message_type, data_year, extracted_on, told, linked, corrected, overtaken,
          without_number)
        values (@SubmissionId, @institution, @type, @year, @ExtractedOn, @Told, @Linked, @Corrected, @Overtaken,
          @WithoutNumber)
        """;
}

/// <summary>What came of one institution's part of an identity message.</summary>
/// <param name="Pages">The patient numbers in it, as the vault knows them, some thousands at a time.</param>
internal sealed record HeardIdentities(string Institution, IdentitiesTold Told, IReadOnlyList<long[]> Pages);
