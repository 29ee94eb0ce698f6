using System.Globalization;
using System.Text;
using Kilde.Definitions.Model;
using Kilde.Definitions.Reading;
using Kilde.Kernel;

namespace Kilde.Register.Merging;

/// <summary>Record keys of many rows: the beginning is the same for all rows of a sender and is written once.</summary>
internal sealed class RowKeys
{
    private const int DigitsMax = 20;

    private byte[] _text = new byte[512];
    private int _beginning;
    private (string Sender, RecordType Type, SubmissionHead Head) _of;

    /// <remarks>
    /// Where the person is told apart, a local id is unique within the patient only. The patient is then part of the
    /// key, by the vault's key of the patient number and not by the number, which could be guessed from a hash.
    /// </remarks>
    public Guid Of(ResolvedBatch batch, int row) => Of(batch, row, batch.Batch.Type, batch.Batch.LocalIds[row]);

    /// <summary>The key of the record that a row stands within (<see cref="RecordType.Within"/>).</summary>
    public Guid OfOuter(ResolvedBatch batch, int row, RecordType outer)
    {
        var localId = batch.Batch.LocalIds[row];
        return Of(batch, row, outer, localId[..localId.LastIndexOf('|')]);
    }

    private Guid Of(ResolvedBatch batch, int row, RecordType type, string localId)
    {
        Begin(batch.Head, type, batch.SenderOf(row));
        if (type.Chained is { } chained) return RecordKey.OfText(With(ChainedId(batch, row, chained)));
        var identifier = batch.Persons[row].IdentifierKey;
        if (identifier == default || type is { IsKeyedByPerson: false, PersonSource: not PersonSource.Apart })
            return RecordKey.OfText(With(localId));
        var at = Write(identifier.Value, _beginning);
        at = Write("\n", at);
        at = type.IsKeyedByPerson ? Write(identifier.Value, at) : Write(localId, at);
        return RecordKey.OfText(_text.AsSpan(0, at));
    }

    // What replaces a notification tells the same record anew.
    private static string ChainedId(ResolvedBatch batch, int row, ChainedRecord chained)
    {
        var links = (ColumnVector<string>)batch.Batch.Columns[chained.Link];
        var originals = (ColumnVector<string>)batch.Batch.Columns[chained.Original];
        var original = originals.IsNull(row) ? links[row] : originals[row];
        return chained.IsAlone ? original : $"{original}\n{batch.Batch.LocalIds[row]}";
    }

    /// <summary>For a deletion, which the submission's own sender makes.</summary>
    public Guid OfLocalId(SubmissionHead head, RecordType type, string localId)
    {
        Begin(head, type, head.SenderText);
        return RecordKey.OfText(With(localId));
    }

    /// <summary>
    /// The local id as it may be stored: one that is a patient number is not, and its identifier's key stands for it.
    /// </summary>
    public static string LocalIdOf(ResolvedBatch batch, int row) => batch.Batch.Type.IsKeyedByPerson
        ? $"{batch.Persons[row].IdentifierKey.Value}"
        : batch.Batch.LocalIds[row];

    private void Begin(SubmissionHead head, RecordType type, string sender)
    {
        if (_of.Sender == sender && _of.Type == type && ReferenceEquals(_of.Head, head)) return;
        _of = (sender, type, head);
        var beginning = RecordKey.Beginning(
            head.Type.Register, type.Table, sender, head.YearOfKeys, head.Share);
        _beginning = Write(beginning, 0);
    }

    private ReadOnlySpan<byte> With(string localId) => _text.AsSpan(0, Write(localId, _beginning));

    private int Write(string text, int at)
    {
        MakeRoom(at + Encoding.UTF8.GetMaxByteCount(text.Length));
        return at + Encoding.UTF8.GetBytes(text, _text.AsSpan(at));
    }

    private int Write(long number, int at)
    {
        MakeRoom(at + DigitsMax);
        number.TryFormat(_text.AsSpan(at), out var length, provider: CultureInfo.InvariantCulture);
        return at + length;
    }

    private void MakeRoom(int bytes)
    {
        if (_text.Length < bytes) Array.Resize(ref _text, bytes);
    }
}
