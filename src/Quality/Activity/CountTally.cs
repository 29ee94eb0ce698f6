using System.Runtime.InteropServices;
using Kilde.Definitions.Reading;
using Kilde.Quality.Cases;

namespace Kilde.Quality.Activity;

/// <summary>One count of a form, while a file is read. No allocation per record, but for a person seen first.</summary>
internal sealed class CountTally(ActivityCount count)
{
    /// <summary>Different words told of parts: where each record adds an amount of its own, there is no end.</summary>
    private const int WordsMax = 100_000;

    /// <summary>More cells than a whole region has; what comes beyond is counted under no key.</summary>
    private const int CellsMax = 50_000;

    /// <summary>Before the keys: the institution and the sector.</summary>
    internal const int First = 2;

    private readonly Dictionary<string[], CellSums> _cells = new(KeyComparer.Instance);
    private readonly string[] _key = new string[First + count.Keys.Count];
    private readonly decimal[] _added = new decimal[count.Amounts.Count];
    private readonly Dictionary<CountedWord, int> _words = [];
    private readonly PartCounter _ofParts = new();
    private bool _isTooMuch;

    /// <summary>What records add, each different once.</summary>
    public IEnumerable<CountedWord> Words => _words.Keys;

    /// <summary>What the records of each part add: places among the words. Null when it is too much.</summary>
    public IEnumerable<PartCount>? OfParts => _isTooMuch ? null : _ofParts.All;

    /// <summary>Adds what was told of a part before.</summary>
    public void Add(CountedWord word, int times)
    {
        word.Key.CopyTo(_key, 0);
        SumsOf(_key).Add(word.Added, times);
    }

    public void Add(RecordBatch batch, string[] institutions, CellReader? sector)
    {
        var items = count.Each is { } each ? new ItemReader(each, batch) : null;
        KeyReader[] keys = [.. count.Keys.Select(key => new KeyReader(key, batch, items))];
        CellReader?[] amounts =
        [
            .. count.Amounts.Select(amount =>
                items is null && amount.Column is { } column ? new CellReader(batch, column) : null),
        ];
        for (var row = 0; row < batch.Count; row++)
        {
            items?.Read(row);
            while (items is null || items.Next())
            {
                if (ReadKey(keys, institutions, sector, row)) Add(batch, institutions, amounts, items, row);
                if (items is null) break;
            }
        }
    }

    private void Add(
        RecordBatch batch, string[] institutions, CellReader?[] amounts, ItemReader? items, int row)
    {
        var sums = SumsOf(_key);
        for (var i = 0; i < amounts.Length; i++)
        {
            var amount = count.Amounts[i];
            var value = items is not null && amount.Column is { } item
                ? amount.Kind == AmountKind.Missing ? items.TextOf(item) is null ? 1 : 0 : items.NumberOf(item)
                : amounts[i]?.NumberOf(row);
            _added[i] = sums.Add(i, amount.Kind, value, batch, institutions, row);
        }

        if (batch.Parts?[row] is > 0 and var part) Tell(part);
    }

    /// <param name="institution">The reporting unit of records that tell none.</param>
    public IEnumerable<ActivityCell> End(UnitNames names, string institution) => ActivityCells.Of(
        count, names,
        _cells.Select(cell => new RawCell(
            cell.Key[0], cell.Key[1],
            [.. cell.Key[First..].Select((token, i) => TokenOf(token, count.Keys[i].Source, institution))],
            cell.Value.Amounts)));

    private static string TokenOf(string token, KeySource source, string institution) =>
        source == KeySource.Institution && token.Length == 0 ? institution : token;

    private bool ReadKey(KeyReader[] keys, string[] institutions, CellReader? sector, int row)
    {
        _key[0] = institutions[row];
        _key[1] = sector?.TextOf(row) ?? "";
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i].TokenOf(row, institutions) is not { } token) return false;
            _key[First + i] = token;
        }

        return true;
    }

    private void Tell(int part)
    {
        if (_isTooMuch) return;
        var word = new CountedWord(_key, _added);
        if (!_words.TryGetValue(word, out var place))
        {
            place = _words.Count;
            if (_isTooMuch = place >= WordsMax) return;
            _words.Add(word with { Key = [.. _key], Added = [.. _added] }, place);
        }

        _ofParts.Add(part, place);
    }

    private CellSums SumsOf(string[] key)
    {
        if (_cells.TryGetValue(key, out var sums)) return sums;
        if (_cells.Count >= CellsMax) Array.Fill(key, "", First, key.Length - First);
        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_cells, [.. key], out _);
        return place ??= new CellSums(count.Amounts);
    }

    internal sealed class KeyComparer : IEqualityComparer<string[]>
    {
        public static readonly KeyComparer Instance = new();

        public bool Equals(string[]? x, string[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(string[] key)
        {
            var hash = new HashCode();
            foreach (var part in key) hash.Add(part, StringComparer.Ordinal);
            return hash.ToHashCode();
        }
    }
}

/// <summary>What one record adds to its cell.</summary>
/// <param name="Key">As the cells have it.</param>
/// <param name="Added">To each amount. A person adds 1 where he is seen first.</param>
internal readonly record struct CountedWord(string[] Key, decimal[] Added)
{
    public bool Equals(CountedWord other) =>
        CountTally.KeyComparer.Instance.Equals(Key, other.Key) && Added.AsSpan().SequenceEqual(other.Added);

    public override int GetHashCode()
    {
        var hash = CountTally.KeyComparer.Instance.GetHashCode(Key);
        foreach (var added in Added) hash = HashCode.Combine(hash, added);
        return hash;
    }
}

/// <summary>The amounts of one cell.</summary>
internal sealed class CellSums
{
    /// <summary>Persons told apart in one cell: more than any municipality has.</summary>
    private const int PersonsMax = 2_000_000;

    private readonly decimal[] _sums;
    private readonly HashSet<(string, string)>?[] _persons;

    public CellSums(IReadOnlyList<ActivityAmount> amounts)
    {
        _sums = new decimal[amounts.Count];
        _persons =
        [
            .. amounts.Select(amount => amount.Kind == AmountKind.Persons ? new HashSet<(string, string)>() : null),
        ];
    }

    public decimal[] Amounts => [.. _sums];

    /// <summary>Adds what a record adds, and tells it.</summary>
    public decimal Add(
        int index, AmountKind kind, decimal? value, RecordBatch batch, string[] institutions, int row)
    {
        var added = kind switch
        {
            AmountKind.Rows => 1,
            AmountKind.Sum or AmountKind.Missing => value ?? 0,
            _ => IsNew(index, batch.Persons[row].LocalId, institutions[row]) ? 1 : 0,
        };
        _sums[index] += added;
        return added;
    }

    /// <summary>Adds what records of parts that were not read add. No person is in two parts.</summary>
    public void Add(decimal[] added, int times)
    {
        for (var i = 0; i < added.Length; i++) _sums[i] += times * added[i];
    }

    private bool IsNew(int index, string? person, string institution) =>
        person is not null && _persons[index]!.Count < PersonsMax && _persons[index]!.Add((institution, person));
}

/// <summary>A cell by the codes of the file or the register, before groups and names are put to it.</summary>
internal sealed record RawCell(
    string Institution, string Field, IReadOnlyList<string> Tokens, IReadOnlyList<decimal> Amounts);

/// <summary>Makes cells of raw ones, the same way for what a file holds and for what the register holds.</summary>
internal static class ActivityCells
{
    public static IEnumerable<ActivityCell> Of(ActivityCount count, UnitNames names, IEnumerable<RawCell> raw) =>
        raw.GroupBy(cell => new ActivityCell(
                count.Id, SectorOf(cell.Field),
                [
                    .. cell.Tokens.Select((token, i) =>
                        count.Keys[i].Source == KeySource.Unit ? names.Of(cell.Institution, token) : token),
                ],
                []))
            .Select(same => same.Key with
            {
                Amounts = [.. count.Amounts.Select((_, i) => same.Sum(cell => cell.Amounts[i]))],
            });

    /// <summary>The sector of a field (fagområde, code list 8451); somatic when it is none of the others.</summary>
    private static Sector SectorOf(string? field) => field switch
    {
        "310" => Sector.ChildMentalHealth,
        "320" => Sector.AdultMentalHealth,
        "360" or "365" or "370" => Sector.Addiction,
        _ => Sector.Somatic,
    };
}
