using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Kilde.Definitions.Model;
using Kilde.Identity;
using Kilde.Kernel;
using Kilde.Register.Periods;

namespace Kilde.Register.Merging;

/// <summary>What a staged row asks for.</summary>
internal enum StagedKind : byte
{
    /// <summary>The record is to stand as the row says.</summary>
    Record = 1,

    /// <summary>The sender says that it has deleted the record.</summary>
    Deletion,

    /// <summary>The record is not in the sender's year any more.</summary>
    Gone,
}

/// <summary>A record, or its end, on its way into the register.</summary>
/// <param name="SubmissionNo">Place among the submissions of the merge, from 1.</param>
/// <param name="Batch">Null when the record ends.</param>
internal readonly record struct StagedRow(
    Guid RecordKey, int SubmissionNo, ResolvedBatch? Batch, int Row, StagedKind Kind);

/// <summary>Whose a record is and what it says, boiled down to what is compared.</summary>
internal readonly record struct RowState(long PersonKey, Guid RowHash);

/// <summary>
/// Rows of one merge that go to one table, and to one period when they belong to one, in the order of the submissions.
/// A submission has each record at most once.
/// </summary>
internal sealed class StagedTable(string table, PeriodName? period)
{
    private readonly Dictionary<Guid, int> _newestSubmission = [];
    private ResolvedPerson[] _persons = new ResolvedPerson[16];
    private Guid[] _hashes = new Guid[16];

    public string Table { get; } = table;

    public PeriodName? Period { get; } = period;

    public List<StagedRow> Rows { get; } = [];

    public IEnumerable<Guid> RecordKeys => _newestSubmission.Keys;

    public bool Has(Guid key) => _newestSubmission.ContainsKey(key);

    /// <summary>One for each row; not to be read for ends.</summary>
    public Memory<ResolvedPerson> Persons => _persons.AsMemory(0, Rows.Count);

    /// <summary>Not to be read for ends.</summary>
    public ResolvedPerson PersonOf(int row) => _persons[row];

    /// <summary>Not to be read for ends.</summary>
    public Guid HashOf(int row) => _hashes[row];

    public RowState StateOf(int row) => new(_persons[row].PersonKey.Value, _hashes[row]);

    /// <summary>
    /// Ids the sender has deleted, to be looked for in <see cref="RecordType.DeletionColumn"/>. A record that the same
    /// message sends anew stands.
    /// </summary>
    public List<(int SubmissionNo, string Column, string Id)> DeletedByColumn { get; } = [];

    /// <summary>
    /// Local ids of records that have come again, and that this table's records stand within: those of them that did
    /// not come along are no more (<see cref="RecordType.Within"/>). With the patient where the id is unique within the
    /// patient only.
    /// </summary>
    public HashSet<(string LocalId, IdentifierKey? Patient)> ToldAnew { get; } = [];

    /// <summary>Nothing when the submission has said something of the record already.</summary>
    public void AddRecord(ResolvedBatch batch, int row, Guid key, Guid rowHash)
    {
        if (!IsFirst(key, batch.SubmissionNo)) return;
        var person = batch.Persons[row];
        AddRecord(batch, row, key, person.IdentifierKey == NoIdentifier ? Nobody(key) : person, rowHash);
    }

    /// <summary>For a record that the submission has said nothing of, and whose person is settled.</summary>
    public void AddRecord(ResolvedBatch batch, int row, Guid key, ResolvedPerson person, Guid rowHash)
    {
        _newestSubmission[key] = batch.SubmissionNo;
        Add(new StagedRow(key, batch.SubmissionNo, batch, row, StagedKind.Record), person, rowHash);
    }

    public void AddEnd(Guid key, int submissionNo, StagedKind kind)
    {
        if (!IsFirst(key, submissionNo)) return;
        Add(new StagedRow(key, submissionNo, Batch: null, Row: -1, kind), default, default);
    }

    private void Add(StagedRow row, ResolvedPerson person, Guid hash)
    {
        if (_persons.Length == Rows.Count)
        {
            Array.Resize(ref _persons, 2 * _persons.Length);
            Array.Resize(ref _hashes, 2 * _hashes.Length);
        }

        (_persons[Rows.Count], _hashes[Rows.Count]) = (person, hash);
        Rows.Add(row);
    }

    private bool IsFirst(Guid key, int submissionNo)
    {
        ref var newest = ref CollectionsMarshal.GetValueRefOrAddDefault(_newestSubmission, key, out _);
        if (newest == submissionNo) return false;
        newest = submissionNo;
        return true;
    }

    // The same record always gets the same unknown person, from the reserved negative range, so that a resend changes
    // nothing and such records spread over the partitions.
    private static ResolvedPerson Nobody(Guid recordKey)
    {
        Span<byte> bytes = stackalloc byte[16];
        recordKey.TryWriteBytes(bytes, bigEndian: true, out _);
        var key = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]) | long.MinValue;
        return new ResolvedPerson(new PersonKey(key), NoIdentifier, ChangeNo: 0);
    }

    /// <summary>A record that names no one at all: its person is not known and cannot become known.</summary>
    private static readonly IdentifierKey NoIdentifier = new(0);
}
