using System.Text.Json;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;
using Kilde.Quality.Cases;

namespace Kilde.Quality.Activity;

/// <summary>What a tally found in a file.</summary>
/// <param name="Institutions">Every reporting unit in it, as it names itself.</param>
public sealed record Tallied(IReadOnlyList<string> Institutions, IReadOnlyList<ActivityCell> Cells)
{
    public static Tallied Nothing { get; } = new([], []);

    public string ToText() => JsonSerializer.Serialize(this);

    public static Tallied Parse(string? text) =>
        text is not null
        && JsonSerializer.Deserialize<Tallied>(text) is { Institutions: not null, Cells: not null } read
            ? read
            : Nothing;
}

/// <summary>
/// Counts a file's activity while it is read, as its form says (R3.08). A record without a month, where months are
/// counted by, is not counted: an episode belongs to the month it ended. Memory follows the sender's units, not its
/// records; only where persons are counted does it follow them.
/// </summary>
public sealed class ActivityTally
{
    private const int NamesMax = 50_000;
    private const int InstitutionsMax = 10_000;

    private readonly ActivityForm? _form;
    private readonly CountTally[] _counts;
    private readonly HashSet<string> _institutions = new(StringComparer.Ordinal);
    private readonly UnitNames _names = new();

    /// <param name="form">Null for a message that only tells which institutions it is about: identities.</param>
    public ActivityTally(ActivityForm? form) =>
        (_form, _counts) = (form, [.. (form?.Counts ?? []).Select(count => new CountTally(count))]);

    /// <summary>Null for messages that there is nothing to count in.</summary>
    public static ActivityTally? For(MessageType type, ActivityForms forms) =>
        forms.Find(type) is { } form ? new ActivityTally(form)
        : type is { Register: RegisterCode.Npr, HasIdentities: true } ? new ActivityTally(form: null)
        : null;

    public void Add(RecordBatch batch)
    {
        if (batch.Institutions is not { } institutions) return;
        Know(institutions, batch.Count);
        if (batch.Type.Table == _form?.UnitTable) AddNames(batch, institutions);
        if (batch.Type.Table != _form?.Type.Table) return;
        var sector = _form.SectorColumn is { } column ? new CellReader(batch, column) : null;
        foreach (var count in _counts) count.Add(batch, institutions, sector);
    }

    public void Add(IdentityBatch batch) => Know(batch.Institutions, batch.Count);

    /// <summary>Another text for each form that counts otherwise, and each build of what counts.</summary>
    public string Form => $"{typeof(ActivityTally).Module.ModuleVersionId} {_form?.CountedBy()}";

    /// <summary>What records have been counted as, each once.</summary>
    public IReadOnlyList<string> Counted =>
    [
        .. _counts.SelectMany((count, place) => count.Words.Select(word => JsonSerializer.Serialize(
            new ToldWord(place, word.Key, word.Added)))),
    ];

    /// <summary>As which of <see cref="Counted"/> the records of each part of the message were counted.</summary>
    public IEnumerable<PartCount>? OfParts
    {
        get
        {
            var all = new List<IEnumerable<PartCount>>();
            var before = 0;
            foreach (var count in _counts)
            {
                if (count.OfParts is not { } parts) return null;
                all.Add(PartCounts.Moved(parts, before));
                before += count.Words.Count();
            }

            return PartCounts.InOrder(all);
        }
    }

    /// <summary>Counts records that stand in the file and were counted when they came before.</summary>
    /// <param name="counted">Of <see cref="Counted"/>, of the same <see cref="Form"/>.</param>
    public void Add(string counted, int times)
    {
        var (count, key, added) = JsonSerializer.Deserialize<ToldWord>(counted);
        Know([key[0]], 1);
        _counts[count].Add(new CountedWord(key, added), times);
    }

    /// <summary>What was counted, units by the names the file gives them.</summary>
    /// <param name="institution">
    /// The reporting unit of records that tell none: some messages tell it once, behind their records (ipl and hst 56).
    /// </param>
    public Tallied End(string? institution = null)
    {
        if (institution is { Length: > 0 } && _institutions.Remove("")) _institutions.Add(institution);
        return new Tallied(
            [.. _institutions.Order(StringComparer.Ordinal)],
            [.. _counts.SelectMany(count => count.End(_names, institution ?? ""))]);
    }

    private readonly record struct ToldWord(int Count, string[] Key, decimal[] Added);

    // The same few stand in row after row.
    private void Know(string[] institutions, int count)
    {
        string? last = null;
        foreach (var institution in institutions.AsSpan(0, count))
        {
            if (ReferenceEquals(institution, last) || institution == last) continue;
            last = institution;
            if (_institutions.Count < InstitutionsMax) _institutions.Add(institution);
        }
    }

    private void AddNames(RecordBatch batch, string[] institutions)
    {
        var ids = new CellReader(batch, ActivityForm.UnitIdColumn);
        var names = new CellReader(batch, ActivityForm.UnitNameColumn);
        for (var row = 0; row < batch.Count && _names.Count < NamesMax; row++)
        {
            if (ids.TextOf(row) is { } id && names.TextOf(row) is { Length: > 0 } name)
                _names.Add(institutions[row], id, name);
        }
    }
}

/// <summary>What each reporting unit calls its units.</summary>
internal sealed class UnitNames
{
    private readonly Dictionary<(string Institution, string Unit), string> _names = [];

    public int Count => _names.Count;

    public void Add(string institution, string unit, string name) => _names[(institution, unit)] = name;

    public string Of(string institution, string unit) => _names.GetValueOrDefault((institution, unit), unit);
}
