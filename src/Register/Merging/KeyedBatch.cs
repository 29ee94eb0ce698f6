namespace Kilde.Register.Merging;

/// <summary>
/// Rows with the key and the hash of each: all that a merge compares them by. Made beside the writing of the rows
/// before, for it costs as much as writing them.
/// </summary>
internal sealed record KeyedBatch(ResolvedBatch Rows, Guid[] Keys, Guid[] Hashes)
{
    /// <param name="batch">Its persons are set.</param>
    /// <param name="keys">Used by one at a time.</param>
    public static KeyedBatch Of(ResolvedBatch batch, RowKeys keys)
    {
        var hash = new RowHash(batch.Batch);
        var keyed = new KeyedBatch(batch, new Guid[batch.Batch.Count], new Guid[batch.Batch.Count]);
        for (var row = 0; row < batch.Batch.Count; row++)
        {
            keyed.Keys[row] = keys.Of(batch, row);
            keyed.Hashes[row] = hash.Of(row, batch.Persons[row].IdentifierKey);
        }

        return keyed;
    }
}
