using Kilde.Audit;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Register.Persons;

namespace Kilde.Register.Merging;

/// <summary>A batch of rows with the person of each, and who sent them.</summary>
/// <param name="SubmissionNo">Place among the submissions of the merge, from 1.</param>
/// <param name="Persons">One for each row; <c>default</c> where the row names no one.</param>
internal sealed record ResolvedBatch(int SubmissionNo, SubmissionHead Head, RecordBatch Batch, ResolvedPerson[] Persons)
{
    private (OrganizationNumber Number, string Text) _unit = (default, "");

    /// <summary>False when the rows are items of records that are held elsewhere (ADR 130).</summary>
    public bool IsWhole { get; init; } = true;

    /// <summary>The rows as they were sent, to be compared by; null when another place tells.</summary>
    public RecordBatch? Digested { get; init; } = Batch;

    /// <summary>With no persons yet.</summary>
    public static ResolvedBatch Of(int submissionNo, SubmissionHead head, RecordBatch batch) =>
        new(submissionNo, head, batch, new ResolvedPerson[batch.Count]);

    /// <summary>
    /// The institution a row stands under in the message; null when the message names it after its rows, as KPR's
    /// chains of events do, or not at all. Then it is the sender that reports.
    /// </summary>
    public string? InstitutionOf(int row) => Batch.Institutions?[row] is { Length: > 0 } named ? named : null;

    /// <summary>
    /// Whose patient numbers those of a row are: the institution's, and where it reports in shares each share's, named
    /// by both: district 01 of municipality 0301 is 030101.
    /// </summary>
    public string? NumberingOf(int row) =>
        Head.Share.Length == 0 ? InstitutionOf(row) : SenderOf(row) + Head.Share;

    /// <summary>The reporting unit of a row, within which local ids are unique.</summary>
    public string SenderOf(int row) => InstitutionOf(row) ?? Head.SenderText;

    /// <summary>The unit a row stands under: its organisation number, or what the unit calls itself.</summary>
    public string UnitOf(int row)
    {
        var number = Batch.Units[row];
        if (number == default) return SenderOf(row);

        // The same one stands in row after row.
        if (_unit.Number != number) _unit = (number, number.ToString());
        return _unit.Text;
    }
}

/// <summary>The vault's newest person change when the first and the last of the persons were resolved.</summary>
internal readonly record struct ResolvedChanges(long Oldest, long Newest)
{
    public static ResolvedChanges Nobody { get; } = new(Oldest: long.MaxValue, Newest: 0);
}

/// <summary>Finds the person of every row, in one question to the vault.</summary>
internal static class ResolvePersons
{
    private static readonly AccessGround Ground =
        new(Actor.System("register.merge"), "Mottak av meldinger i registeret");

    /// <summary>Sets the persons of the batches.</summary>
    public static async Task<ResolvedChanges> SetAsync(
        IReadOnlyList<ResolvedBatch> batches, VaultView vault, CancellationToken cancellation) =>
        (await SetAsync(
            batches, async claims => await vault.ResolveAsync(claims, Ground, cancellation)))!.Value;

    /// <summary>The same with nothing told to the vault. Null, and no person is set, when that cannot be.</summary>
    public static Task<ResolvedChanges?> SetAsync(
        IReadOnlyList<ResolvedBatch> batches, DraftView draft, CancellationToken cancellation) =>
        SetAsync(batches, claims => draft.ResolveAsync(claims, Ground, cancellation));

    private static async Task<ResolvedChanges?> SetAsync(
        IReadOnlyList<ResolvedBatch> batches,
        Func<IReadOnlyList<IdentifierClaim>, Task<ResolvedPerson[]?>> resolveAsync)
    {
        var claims = new ChunkedList<IdentifierClaim>();
        var places = new List<(ResolvedBatch Batch, int Row, int Claim)>();
        foreach (var batch in batches.Where(batch => batch.Batch.Type.PersonSource != PersonSource.None))
        {
            for (var row = 0; row < batch.Batch.Count; row++)
            {
                var person = batch.Batch.Persons[row];
                if (!NamesSomeone(person)) continue;

                // A person's records stand together in the large messages, and one question answers for all.
                var claim = new IdentifierClaim(person, batch.Head.Sender)
                {
                    Institution = batch.NumberingOf(row),
                    IsDecided = batch.Batch.Type.DecidesPersons,
                };
                if (claims.Count == 0 || claims[^1] != claim) claims.Add(claim);
                places.Add((batch, row, claims.Count - 1));
            }
        }

        if (claims.Count == 0) return ResolvedChanges.Nobody;
        if (await resolveAsync(claims) is not { } resolved) return null;
        foreach (var (batch, row, claim) in places) batch.Persons[row] = resolved[claim];
        return new ResolvedChanges(resolved.Min(person => person.ChangeNo), resolved.Max(person => person.ChangeNo));
    }

    /// <summary>Takes persons to whom their identifiers stand for at another moment than they were resolved.</summary>
    public static void Follow(Memory<ResolvedPerson> persons, IReadOnlyDictionary<long, long> personByIdentifier)
    {
        if (personByIdentifier.Count == 0) return;
        foreach (ref var resolved in persons.Span)
        {
            if (personByIdentifier.TryGetValue(resolved.IdentifierKey.Value, out var person))
                resolved = resolved with { PersonKey = new PersonKey(person) };
        }
    }

    private static bool NamesSomeone(RowPerson person) =>
        person is { HasIdentifier: true } or { LocalId: not null } or { Others.Count: > 0 };
}
