using System.Collections;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Register.Periods;

/// <summary>The parts of one sender's year: those that were known before, and those that come now.</summary>
/// <param name="sender">A reporting unit.</param>
/// <param name="records">Takes which records stand in which parts.</param>
/// <param name="isKnown">The parts of all records that stand in the year were known before.</param>
internal sealed class SenderParts(string sender, PartRecords records, bool isKnown)
{
    private readonly BitArray _stood = new(0);
    private readonly BitArray _passedOver = new(0);

    // By their places in the message, from 1; the first is of what stands in no part.
    private readonly ChunkedList<(int Number, int Rows)> _read = [];
    private int _known;
    private int _passed;
    private int _newest;

    public string Sender => sender;

    public bool IsKnown => isKnown;

    /// <summary>All that was known has come unchanged, and nothing else.</summary>
    public bool IsUntouched => isKnown && _read.Count == 0 && _passed == _known;

    /// <summary>What stood in the year before. Before the first record is noted.</summary>
    public void Know(KeptPart part)
    {
        Set(_stood, part.Number);
        _newest = Math.Max(_newest, part.Number);
        _known++;
    }

    /// <summary>The part has come as it was, and was not read.</summary>
    public void PassOver(int number)
    {
        Set(_passedOver, number);
        _passed++;
    }

    /// <summary>Remembers that a record stands in a part; 0 for none.</summary>
    public void Note(int part, string table, Guid key)
    {
        while (_read.Count <= part) _read.Add(default);
        var (number, rows) = _read[part];
        if (rows == 0) number = ++_newest;
        _read[part] = (number, rows + 1);
        records.Add(table, new KeptRecord(number, key));
    }

    /// <summary>Remembers a record of a part that was not read, which stands on another page from now on.</summary>
    public void Keep(string table, KeptRecord record) => records.Add(table, record);

    /// <summary>Gives on what is noted.</summary>
    public void Finish() => records.Finish();

    /// <summary>True of a part that came before, and was not read when it came again.</summary>
    public bool StandsUnread(int number) => Has(_passedOver, number);

    /// <summary>True of a part that came before, and either has not come again or was read.</summary>
    public bool StoodOnly(int number) => Has(_stood, number) && !Has(_passedOver, number);

    /// <summary>The parts that were read, apart from those without records.</summary>
    /// <param name="digestOf">The digest of a part by its place; none for those that must be read again.</param>
    public IEnumerable<KeptPart> Read(Func<int, UInt128> digestOf) =>
        from place in Enumerable.Range(0, _read.Count)
        where _read[place].Rows > 0
        select new KeptPart(
            place == 0 ? MessageParts.NoDigest : digestOf(place), _read[place].Number, _read[place].Rows);

    private static bool Has(BitArray set, int number) => number < set.Length && set[number];

    private static void Set(BitArray set, int number)
    {
        if (number >= set.Length) set.Length = Math.Max(2 * set.Length, number + 1);
        set[number] = true;
    }
}
