namespace Kilde.Register.Comparing;

/// <summary>Digests of many senders' records, for one merge.</summary>
internal sealed class SenderDigests(byte[] registerKey)
{
    private readonly Dictionary<string, RecordDigests> _senders = new(StringComparer.Ordinal);

    public RecordDigests Of(string sender)
    {
        if (!_senders.TryGetValue(sender, out var digests))
            _senders[sender] = digests = new RecordDigests(RecordDigests.KeyOf(registerKey, sender));
        return digests;
    }
}
