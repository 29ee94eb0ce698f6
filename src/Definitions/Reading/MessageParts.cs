using Kilde.Kernel;

namespace Kilde.Definitions.Reading;

/// <summary>
/// Counts that can be kept part by part, and added when a part comes again and is not read. No identifier of a person.
/// </summary>
public interface IPartCounts
{
    /// <summary>What has been counted, each once, in words of the counter's own.</summary>
    IReadOnlyList<string> Counted { get; }

    /// <summary>
    /// What each part of the message was counted as: places in <see cref="Counted"/>, in the order of parts. Null when
    /// it is more than is worth keeping.
    /// </summary>
    IEnumerable<PartCount>? OfParts { get; }

    /// <summary>Counts what was counted of a part that came again and was not read.</summary>
    void Add(string counted, int times);
}

/// <summary>
/// The parts of a message that stand for themselves: in NPR's modules each patient with all that is told of him. A part
/// that is byte for byte as in the message before, read by the same definitions, gives the same rows, and need not be
/// read again. Who keeps the rows tells which parts he has, and hears which of them came.
/// </summary>
/// <remarks>
/// A part with a finding is read each time, so that the finding is told each time. Parts are found ahead of what is
/// read and beside it, and may be spoiled meanwhile; all else is asked when all is read.
/// </remarks>
public abstract class MessageParts
{
    private readonly Lock _finding = new();
    private readonly ChunkedList<UInt128> _digests = [];
    private readonly ChunkedList<UInt128> _passedOver = [];

    /// <summary>The part has no digest: it must be read whenever it comes.</summary>
    public static UInt128 NoDigest => UInt128.Zero;

    /// <summary>The parts that came as they are known, and were not read. When all is read.</summary>
    public IReadOnlyList<UInt128> PassedOver => _passedOver;

    /// <summary>Rows of the parts that were not read. When all is read.</summary>
    public int PassedOverRows { get; private set; }

    /// <summary>How many parts have begun. When all is read.</summary>
    public int Count => _digests.Count;

    /// <summary>
    /// What the reading counts beside its findings, by the part it stands in; null for nothing. Whoever passes over
    /// a part adds what was counted of it when it was read.
    /// </summary>
    public IPartCounts? Counts { get; internal set; }

    /// <summary>
    /// Tells which parts are known. Before the first batch; later it has no effect. When several tell, a part is known
    /// that all of them know.
    /// </summary>
    /// <param name="rowsOf">The rows of a known part; null for one that is not known.</param>
    public abstract void Know(Func<UInt128, int?> rowsOf);

    /// <summary>The digest of a part that was read, by which it is known the next time. When all is read.</summary>
    /// <param name="part">As in <see cref="RecordBatch.Parts"/>.</param>
    public UInt128 DigestOf(int part) => part < 1 || part > _digests.Count ? NoDigest : _digests[part - 1];

    /// <summary>The part is to be read whenever it comes.</summary>
    public void Spoil(int part)
    {
        lock (_finding)
        {
            if (part > 0 && part <= _digests.Count) _digests[part - 1] = NoDigest;
        }
    }

    /// <summary>No part can be known by what was read. When all is read.</summary>
    public void SpoilAll() => _digests.Clear();

    protected void Add(UInt128 digest)
    {
        lock (_finding) _digests.Add(digest);
    }

    protected void PassOver(UInt128 digest, int rows)
    {
        lock (_finding)
        {
            _digests.Add(NoDigest);
            _passedOver.Add(digest);
            PassedOverRows += rows;
        }
    }
}
