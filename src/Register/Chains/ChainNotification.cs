using System.Globalization;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Register.Merging;

namespace Kilde.Register.Chains;

/// <summary>A link of a chain, as the merge and a sender that compares read it.</summary>
/// <param name="Original">Its own id when it tells something new.</param>
/// <param name="Serial">Null when it cannot be read.</param>
/// <param name="RecordKeys">The records it told of.</param>
internal sealed record ChainNotification(
    string Sender, Guid Id, Guid Original, Guid Previous, long? Serial, string Status, List<Guid> RecordKeys)
{
    private const string Annulled = "C";

    public bool IsAnnulment => Status == Annulled;

    /// <summary>The links of some rows; none of rows that are not links.</summary>
    public static IEnumerable<ChainNotification> In(ResolvedBatch batch)
    {
        if (batch.Batch.Type.ChainLink is not { } chain) yield break;
        for (var row = 0; row < batch.Batch.Count; row++)
        {
            if (IdAt(batch, chain.Id, row) is not { } id) continue;
            yield return new ChainNotification(
                batch.SenderOf(row), id, IdAt(batch, chain.Original, row) ?? id,
                IdAt(batch, chain.Previous, row) ?? Guid.Empty,
                long.TryParse(TextAt(batch, chain.Serial, row), CultureInfo.InvariantCulture, out var no) ? no : null,
                TextAt(batch, chain.Status, row) ?? "", []);
        }
    }

    /// <summary>The link a record hangs in; null when it hangs in none that can be read.</summary>
    public static Guid? LinkOf(ResolvedBatch batch, int row) =>
        batch.Batch.Type.Chained is { } chained ? IdAt(batch, chained.Link, row) : null;

    private static Guid? IdAt(ResolvedBatch batch, int column, int row) =>
        Guid.TryParse(TextAt(batch, column, row), out var id) ? id : null;

    private static string? TextAt(ResolvedBatch batch, int column, int row)
    {
        var values = (ColumnVector<string>)batch.Batch.Columns[column];
        return values.IsNull(row) ? null : values[row];
    }
}

/// <summary>
/// The link that holds of those about the same original: that with the highest number, also when it came first. Of two
/// with the same number, the later. What refers to a replacement is about what that one replaced, however far back.
/// </summary>
internal sealed class HoldingLinks
{
    private readonly Dictionary<(string Sender, Guid Id), Guid> _above = [];
    private readonly Dictionary<(string Sender, Guid Original), ChainNotification> _holding = [];

    /// <param name="links">In the order they came.</param>
    public HoldingLinks(IReadOnlyCollection<ChainNotification> links)
    {
        foreach (var link in links)
            _above[OriginalOf(link.Sender, link.Id)] = OriginalOf(link.Sender, link.Original).Id;
        foreach (var link in links)
        {
            var original = OriginalOf(link.Sender, link.Id);
            if (!_holding.TryGetValue(original, out var other) || !(link.Serial < other.Serial))
                _holding[original] = link;
        }
    }

    /// <summary>The one that holds of those about the same original.</summary>
    public ChainNotification For(ChainNotification link) => _holding[OriginalOf(link.Sender, link.Id)];

    /// <summary>True when what the link told of stands.</summary>
    public bool Stands(ChainNotification link) => For(link).Id == link.Id && !link.IsAnnulment;

    // Links that refer to each other in a ring have one of themselves for their original. The way is halved as it is
    // walked, so that a long one costs little.
    private (string Sender, Guid Id) OriginalOf(string sender, Guid id)
    {
        while (_above.TryGetValue((sender, id), out var above) && above != id)
        {
            if (_above.TryGetValue((sender, above), out var next)) _above[(sender, id)] = next;
            id = above;
        }

        return (sender, id);
    }
}
