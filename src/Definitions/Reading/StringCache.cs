using System.Text;

namespace Kilde.Definitions.Reading;

/// <summary>
/// Gives the same string again for texts that stand in record after record, such as the sender's names of its units.
/// Never used for what tells a person.
/// </summary>
internal sealed class StringCache
{
    private const int Entries = 512;
    private const int BytesMax = 64;

    private readonly (byte[] Bytes, string Text)[] _entries = new (byte[], string)[Entries];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > BytesMax) return Encoding.UTF8.GetString(utf8);
        ref var entry = ref _entries[Hash(utf8) & (Entries - 1)];
        if (entry.Text is not null && utf8.SequenceEqual(entry.Bytes)) return entry.Text;
        entry = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return entry.Text;
    }

    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = (uint)utf8.Length;
        foreach (var unit in utf8) hash = unchecked((hash ^ unit) * 16777619);
        return (int)((hash ^ (hash >> 15)) & 0x7FFFFFFF);
    }
}
